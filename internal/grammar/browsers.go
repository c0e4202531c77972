package grammar

import "strings"

// Browsers of the terminal: with -dump or -source they fetch to standard
// output; otherwise they show, and a person says what is saved.

// lynx(1): words after one or two dashes, values after "=" or as the next argument.
var lynx = webTool{
	options: Options{
		Long: `accept_all_cookies anonymous assume_charset= assume_local_charset= assume_unrec_charset= auth= base bibhost= book
			buried_news cache= case center cfg= child child_relaxed cmd_log= cmd_script= collapse_br_tags connect_timeout=
			convert_to= cookie_file= cookie_save_file= cookies crawl delay= display= display_charset= dump editor= error_file=
			exec force_html ftp get_data head help hiddenlinks= homepage= image_links index= justify link= list_decoded
			list_inline listonly localhost lss= mime_header newschunksize= newsmaxchunk= nobrowse nocolor nolist nolog
			nomargins nonumbers nopause noredir noreferer nostatus notitle number_links partial_thres= pauth= popup post_data
			preparsed print raw read_timeout= realm reload session= sessionin= sessionout= show_cfg socks5_proxy= source stderr
			stdin syslog= term= traversal useragent= validate verbose version vikeys width= with_backspaces`,
		Permute: true, SingleDash: true,
	}.compiled(),
	roles: map[string]webRole{
		"help": webInform, "version": webInform, "show_cfg": webInform, "head": webDryRun, "dump": webToStdout,
		"source": webToStdout, "mime_header": webToStdout, "post_data": webSendStdin, "cfg": webConfig, "cmd_script": webList,
		"socks5_proxy": webProxy, "auth": webUser,
	},
	scheme: "http", unsaid: webScreen, prepare: page,
}

// links(1) 2.28.
var links = webTool{
	options: Options{
		Long: `help version lookup= g no-g driver= mode= display= force-html source dump width= codepage= anonymous no-connect
			download-dir= language= max-connections= max-connections-to-host= retries= receive-timeout= bind-address=
			bind-address-ipv6= async-dns= dns-over-https= http-proxy= ftp-proxy= https-proxy= socks-proxy= no-proxy-domains=
			only-proxies= ssl.certificates= ssl.builtin-certificates= http.fake-user-agent= http.extra-header=
			http.fake-referer= http.referer= http-bugs.http10= html-numbered-links= html-margin= format-cache-size=
			memory-cache-size= enable-cookies= save-cookies=`,
		Permute: true, SingleDash: true,
	}.compiled(),
	roles: map[string]webRole{
		"help": webInform, "version": webInform, "lookup": webInform, "dump": webToStdout, "source": webToStdout,
		"http-proxy": webProxy, "https-proxy": webProxy, "ftp-proxy": webProxy, "socks-proxy": webProxy,
		"ssl.certificates": webVerify,
	},
	scheme: "http", unsaid: webScreen, prepare: page,
}

// elinks(1) 0.13. The 0 or 1 that may follow a switch is taken for an operand, and dropped.
var elinks = webTool{
	options: Options{
		Long: `anonymous auto-submit base-session= bind-address= bind-address-ipv6= config-dir= config-dump config-file= config-help
			default-mime-type= default-keys dump dump-charset= dump-color-mode= dump-width= eval= force-html h help localhost
			long-help lookup= no-connect no-home no-numbering no-references remote= session-ring= source terminfo touch-files
			verbose= version`,
		Permute: true, SingleDash: true,
	}.compiled(),
	roles: map[string]webRole{
		"h": webInform, "help": webInform, "long-help": webInform, "config-help": webInform, "config-dump": webInform,
		"version": webInform, "lookup": webInform, "dump": webToStdout, "source": webToStdout, "config-file": webConfig,
	},
	scheme: "http", unsaid: webScreen, prepare: page,
}

// w3m(1) 0.5.3.
var w3m = webTool{
	options: Options{
		Long: `t= r l= I= O= B bookmark= T= m v M H N F cols= ppc= ppl= dump dump_head dump_source dump_both dump_extra post=
			header= num no-proxy 4 6 insecure no-mouse cookie no-cookie graph no-graph s W X title=? o= show-option config= debug
			reqlog help version V`,
		Permute: true, SingleDash: true,
	}.compiled(),
	roles: map[string]webRole{
		"help": webInform, "version": webInform, "V": webInform, "show-option": webInform, "dump_head": webDryRun,
		"dump": webToStdout, "dump_source": webToStdout, "dump_both": webToStdout, "dump_extra": webToStdout,
		"post": webSendFile, "config": webConfig, "insecure": webInsecure, "no-proxy": webNoProxy,
	},
	scheme: "http", unsaid: webScreen, prepare: page,
}

// page keeps what leads to another host: a URL, or a name that is no local file's.
func page(t *Transfer, operand string) (string, bool) {
	switch {
	case operand == "-":
		t.addOpaque(operand) // lynx - reads options and operands from there
		return "", false
	case strings.HasPrefix(operand, "file:"):
		return "", false
	case strings.Contains(operand, "://"):
		return operand, true
	case operand == "" || strings.IndexByte("/.~+", operand[0]) >= 0:
		return "", false
	}
	host, _, path := strings.Cut(operand, "/")
	return operand, strings.HasPrefix(host, "localhost") || strings.Contains(host, ".") &&
		(path || !strings.HasSuffix(host, ".html") && !strings.HasSuffix(host, ".htm") && !strings.HasSuffix(host, ".txt"))
}
