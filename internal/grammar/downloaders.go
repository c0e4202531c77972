package grammar

import "strings"

// aria2c(1) 1.36: getopt_long(3), all URIs are mirrors of one file unless -Z is given.
var aria2 = webTool{
	options: Options{
		Short: "hvVcnqZPRSpD::" + "t:m:l:d:o:s:i:j:x:k:U:u:T:O:M:",
		Long: `help=? version timeout= connect-timeout= max-tries= auto-save-interval= log= dir= out= split= daemon=? referer=
			lowest-speed-limit= piece-length= max-overall-download-limit= max-download-limit= file-allocation=
			no-file-allocation-limit= allow-overwrite=? realtime-chunk-checksum=? check-integrity=? netrc-path=
			continue=? no-netrc=? input-file= deferred-input=? max-concurrent-downloads= optimize-concurrent-downloads=?
			force-sequential=? auto-file-renaming=? parameterized-uri=? allow-piece-length-change=? no-conf=? conf-path=
			stop= quiet=? async-dns=? summary-interval= log-level= console-log-level= uri-selector= server-stat-timeout=
			server-stat-if= server-stat-of= remote-time=? max-file-not-found= event-poll= enable-rpc=? rpc-listen-port=
			rpc-user= rpc-passwd= rpc-max-request-size= rpc-listen-all=? rpc-allow-origin-all=? rpc-certificate=
			rpc-private-key= rpc-secure=? rpc-save-upload-metadata=? dry-run=? reuse-uri=? on-download-start=
			on-download-pause= on-download-stop= on-download-complete= on-download-error= interface=
			multiple-interface= disable-ipv6=? human-readable=? remove-control-file=? always-resume=?
			max-resume-failure-tries= save-session= max-connection-per-server= min-split-size= conditional-get=?
			enable-async-dns6=? max-download-result= retry-wait= async-dns-server= show-console-readout=?
			stream-piece-selector= truncate-console-readout=? pause=? download-result= hash-check-only=? checksum=
			stop-with-process= enable-mmap=? force-save=? save-not-found=? disk-cache= gid= save-session-interval=
			enable-color=? rpc-secret= dscp= pause-metadata=? rlimit-nofile= min-tls-version=
			socket-recv-buffer-size= max-mmap-limit= stderr=? keep-unfinished-download-result=? ftp-user=
			ftp-passwd= ftp-type= ftp-pasv=? ftp-reuse-connection=? ssh-host-key-md= http-user= http-passwd=
			user-agent= load-cookies= save-cookies= enable-http-keep-alive=? enable-http-pipelining=? header=
			certificate= private-key= ca-certificate= check-certificate=? use-head=? http-auth-challenge=?
			http-no-cache=? http-accept-gzip=? content-disposition-default-utf8=? http-proxy= https-proxy= ftp-proxy=
			all-proxy= no-proxy= proxy-method= http-proxy-user= http-proxy-passwd= https-proxy-user=
			https-proxy-passwd= ftp-proxy-user= ftp-proxy-passwd= all-proxy-user= all-proxy-passwd= show-files=?
			max-overall-upload-limit= max-upload-limit= torrent-file= listen-port= follow-torrent= select-file=
			seed-time= seed-ratio= peer-id-prefix= peer-agent= enable-peer-exchange=? enable-dht=? dht-listen-port=
			dht-entry-point= dht-file-path= enable-dht6=? dht-listen-addr6= dht-entry-point6= dht-file-path6=
			bt-min-crypto-level= bt-require-crypto=? bt-request-peer-speed-limit= bt-max-open-files=
			bt-seed-unverified=? bt-hash-check-seed=? bt-max-peers= bt-external-ip= index-out= bt-tracker-interval=
			bt-stop-timeout= bt-prioritize-piece= bt-save-metadata=? bt-metadata-only=? bt-enable-lpd=?
			bt-lpd-interface= bt-tracker-timeout= bt-tracker-connect-timeout= dht-message-timeout=
			on-bt-download-complete= bt-tracker= bt-exclude-tracker= bt-remove-unselected-file=?
			bt-detach-seed-only=? bt-force-encryption=? bt-enable-hook-after-hash-check=? bt-load-saved-metadata=?
			metalink-file= metalink-version= metalink-language= metalink-os= metalink-location= follow-metalink=
			metalink-preferred-protocol= metalink-enable-unique-protocol=? metalink-base-uri=`,
		Permute: true, Abbreviate: true,
	}.compiled(),
	roles: map[string]webRole{
		"help": webInform, "h": webInform, "version": webInform, "v": webInform,
		"dry-run": webDryRun, "show-files": webDryRun, "S": webDryRun,
		"out": webOutput, "o": webOutput, "dir": webDirectory, "d": webDirectory,
		"input-file": webList, "i": webList, "torrent-file": webList, "T": webList, "metalink-file": webList, "M": webList,
		"conf-path": webConfig, "all-proxy": webProxy, "http-proxy": webProxy, "https-proxy": webProxy, "ftp-proxy": webProxy,
		"check-certificate": webVerify, "http-user": webUser, "ftp-user": webUser, "daemon": webBackground, "D": webBackground,
	},
	scheme: "http", mirrors: true, prepare: aria2Operand,
}

// aria2Operand takes those operands out that are no URLs: files that describe a download, and magnets.
func aria2Operand(t *Transfer, operand string) (string, bool) {
	switch {
	case strings.HasPrefix(operand, "magnet:"):
		t.connectBy(Remote{Scheme: "magnet", URL: operand}, wire{protocol: "bittorrent"})
		return "", false
	case strings.Contains(operand, "://"):
		return operand, true
	}
	for _, suffix := range []string{".torrent", ".metalink", ".meta4"} {
		if strings.HasSuffix(operand, suffix) {
			t.addOpaque(operand)
			return "", false
		}
	}
	return operand, true
}

// aria2c adds that who takes part in BitTorrent also sends.
func aria2c(c *Command) Transfer {
	t := aria2.read(c)
	torrent := t.Protocol == "bittorrent"
	for _, file := range t.Opaque {
		torrent = torrent || strings.HasSuffix(file, ".torrent")
	}
	if torrent && t.Direction == Download {
		t.Direction = Bidirectional
		if len(t.Remotes) == 0 {
			t.Protocol = "bittorrent"
		}
	}
	return t
}

// axel(1) 2.17: all URLs are mirrors; "-" alone reads them from standard input.
var axel = webTool{
	options: Options{
		Short: "46Nkcqvaph" + "VS::s:n:o:H:U:T:",
		Long: `max-speed= num-connections= max-redirect= output= search=? ipv4 ipv6 header= user-agent= no-proxy insecure
			no-clobber quiet verbose alternate percentage help timeout= version`,
		Permute: true, Abbreviate: true,
	}.compiled(),
	roles: map[string]webRole{
		"help": webInform, "h": webInform, "version": webInform, "V": webInform, "output": webOutput, "o": webOutput,
		"no-proxy": webNoProxy, "N": webNoProxy, "insecure": webInsecure, "k": webInsecure,
	},
	scheme: "http", mirrors: true, prepare: dashIsList,
}

func dashIsList(t *Transfer, operand string) (string, bool) {
	if operand == "-" {
		t.addOpaque(operand)
		return "", false
	}
	return operand, true
}

// saldl(1): a downloader on libcurl.
var saldl = webTool{
	options: Options{
		Short: "dSfhVvnN1rgmGw" + "K:A:p:H:e:x:X:C:D:o:c:l:L:s:R:t:i:u:a:",
		Long: `dry-run get-info= mirror-url= fatal-if-invalid-mirror stdout root-dir= filename= output-file= connections=
			chunk-size= auto-size= whole-file single no-proxy proxy= tunnel-proxy= tls-no-verify user-agent= referer=
			header= proxy-header= post= raw-post= cookie-file= inline-cookies= resume force help version`,
		Permute: true, Abbreviate: true,
	}.compiled(),
	roles: map[string]webRole{
		"help": webInform, "h": webInform, "version": webInform, "V": webInform, "dry-run": webDryRun, "d": webDryRun,
		"get-info": webDryRun, "root-dir": webDirectory, "D": webDirectory, "filename": webOutput, "output-file": webOutput,
		"o": webOutput, "stdout": webToStdout, "proxy": webProxy, "x": webProxy, "tunnel-proxy": webProxy, "X": webProxy,
		"no-proxy": webNoProxy, "N": webNoProxy, "tls-no-verify": webInsecure, "post": webSendData, "raw-post": webSendData,
		"mirror-url": webURLOption,
	},
	scheme: "http", mirrors: true,
}

// puf 1.0: words of letters after one dash, as puf -h lists them.
var puf = webTool{
	options: Options{
		Long: `A= R= D= Dl= Dr= ld= l= lb= xs= B= i= O= P= xi= xh= xu= U= iU= xH= Tl= Tc= Td= t= xb= ib= y= yi= xy= xyy= Q= Qu=
			Qt= lc= ll= dc= d= h p pr pr+ pr++ r r+ r++ r- xg ng F u c nc na nd xd xO xo xE xq nt nb xr ni nR nw xT nf nh ns
			v vv vvv`,
		Permute: true, SingleDash: true,
	}.compiled(),
	roles: map[string]webRole{
		"h": webInform, "O": webOutput, "P": webDirectory, "i": webList, "y": webProxy, "xyy": webProxy, "yi": webProxy,
	},
	scheme: "http", prepare: pufOperand,
}

func pufOperand(_ *Transfer, operand string) (string, bool) {
	return operand, operand != "," && operand != "[" && operand != "]" // they bound the scope of options
}

// bsdFetch is fetch(1) of FreeBSD.
var bsdFetch = webTool{
	options: Options{
		Short: "146AadFlMmnPpqRrsUVv" + "B:c:f:h:i:N:o:S:T:w:",
		Long: `one-file ipv4-only ipv6-only no-redirect retry buffer-size= bind-address= ca-cert= ca-path= cert= crl= direct
			force-restart if-modified-since= key= symlink passive-portrange-default netrc= no-mtime no-passive no-proxy=
			no-sslv3 no-tlsv1 no-verify-hostname no-verify-peer output= mirror print-size quiet referer= keep-output
			restart retry-delay= timeout= user-agent= verbose`,
		Permute: true, Abbreviate: true,
	}.compiled(),
	roles: map[string]webRole{
		"output": webOutput, "o": webOutput, "print-size": webDryRun, "s": webDryRun,
		"no-verify-peer": webInsecure, "no-verify-hostname": webInsecure, "d": webNoProxy, "direct": webNoProxy,
	},
	scheme: "http",
}

// wcurl(1): hands its URLs to curl, with the options for a plain download.
var wcurl = webTool{
	options: Options{
		Short: "hVo:O:", Long: "help version output= curl-options= dry-run no-decode-filename", Permute: true,
	}.compiled(),
	roles: map[string]webRole{
		"help": webInform, "h": webInform, "version": webInform, "V": webInform, "dry-run": webDryRun,
		"output": webOutput, "o": webOutput, "O": webOutput,
	},
	scheme: "https", mirrors: false,
}

// nscurl of macOS, in so far as it is known.
var nscurl = webTool{
	options: Options{
		Long: `o= output= k insecure M= method= H= header= h help v verbose ats-diagnostics dl download b= body= u= user=
			L location`,
		Permute: true, SingleDash: true,
	}.compiled(),
	roles: map[string]webRole{
		"h": webInform, "help": webInform, "ats-diagnostics": webDryRun, "o": webOutput, "output": webOutput,
		"k": webInsecure, "insecure": webInsecure, "b": webSendData, "body": webSendData,
	},
	scheme: "https", unsaid: webStdout,
}

// uclientFetch is the wget of OpenWrt.
var uclientFetch = webTool{
	options: Options{
		Short: "46cqsO:P:T:U:Y:",
		Long: `no-check-certificate ca-certificate= ciphers= list-ciphers spider timeout= continue output-document= user= password=
			user-agent= post-data= post-file= method= body-data= body-file= header= proxy= no-proxy quiet`,
		Permute: true, Abbreviate: true,
	}.compiled(),
	roles: map[string]webRole{
		"output-document": webOutput, "O": webOutput, "P": webDirectory, "spider": webDryRun, "s": webDryRun,
		"post-file": webSendFile, "body-file": webSendFile, "post-data": webSendData, "body-data": webSendData,
		"no-check-certificate": webInsecure, "user": webUser, "Y": webProxySwitch, "proxy": webProxySwitch,
		"no-proxy": webNoProxy, "list-ciphers": webInform,
	},
	scheme: "http",
}

// ytDLP is yt-dlp 2023.03 and the youtube-dl before it, whose parser (optparse) completes names.
var ytDLP = webTool{
	options: Options{
		Short: "hUi46wcqsgejJvCFnxk" + "2:I:N:r:R:a:P:o:O:f:S:u:p:",
		Long:  ytDLPValues + ytDLPSwitches, Permute: true, Abbreviate: true,
	}.compiled(),
	roles: map[string]webRole{
		"help": webInform, "h": webInform, "version": webInform, "list-extractors": webInform, "extractor-descriptions": webInform,
		"dump-user-agent": webInform, "simulate": webDryRun, "s": webDryRun, "list-formats": webDryRun, "F": webDryRun,
		"list-subs": webDryRun, "list-thumbnails": webDryRun, "get-url": webDryRun, "g": webDryRun, "get-title": webDryRun,
		"e": webDryRun, "get-id": webDryRun, "get-filename": webDryRun, "get-format": webDryRun, "dump-json": webDryRun,
		"j": webDryRun, "dump-single-json": webDryRun, "J": webDryRun,
		"output": webOutput, "o": webOutput, "paths": webDirectory, "P": webDirectory, "batch-file": webList, "a": webList,
		"load-info-json": webList, "config-locations": webConfig, "proxy": webProxy, "no-check-certificates": webInsecure,
		"no-check-certificate": webInsecure, "username": webUser, "u": webUser,
	},
	unsaid: webHere, prepare: ytDLPOperand,
}

// ytDLPOperand keeps names of videos and searches (ytsearch:x) as they are: no host is in them.
func ytDLPOperand(t *Transfer, operand string) (string, bool) {
	if strings.Contains(operand, "://") {
		return operand, true
	}
	t.addRemote(Remote{URL: operand})
	return "", false
}

const ytDLPValues = `
	add-headers= age-limit= alias= ap-mso= ap-password= ap-username= audio-format= audio-quality= autonumber-start=
	batch-file= break-match-filters= buffer-size= cache-dir= client-certificate= client-certificate-key=
	client-certificate-password= compat-options= concat-playlist= concurrent-fragments= config-locations= convert-subs=
	convert-thumbnails= cookies= cookies-from-browser= date= dateafter= datebefore= default-search= download-archive=
	download-sections= downloader= downloader-args= encoding= exec= exec-before-download= external-downloader=
	external-downloader-args= extractor-args= extractor-retries= ffmpeg-location= file-access-retries= fixup= format=
	format-sort= fragment-retries= geo-bypass-country= geo-bypass-ip-block= geo-verification-proxy= http-chunk-size= ies=
	limit-rate= load-info-json= match-filters= match-title= max-downloads= max-filesize= max-sleep-interval= max-views=
	merge-output-format= metadata-from-title= min-filesize= min-views= netrc-location= output= output-na-placeholder=
	parse-metadata= password= paths= playlist-end= playlist-items= playlist-start= postprocessor-args= print=
	print-to-file= progress-template= proxy= recode-video= referer= reject-title= remove-chapters= remux-video=
	replace-in-metadata= retries= retry-sleep= skip-playlist-after-errors= sleep-interval= sleep-requests=
	sleep-subtitles= socket-timeout= source-address= sponsorblock-api= sponsorblock-mark= sponsorblock-remove=
	sub-format= sub-langs= throttled-rate= trim-filenames= twofactor= update-to= use-extractors= use-postprocessor=
	user-agent= username= video-password= wait-for-video= `

const ytDLPSwitches = `
	abort-on-error add-metadata all-formats all-subs audio-multistreams check-formats clean-info-json console-title
	continue dump-json dump-pages dump-single-json dump-user-agent embed-chapters embed-metadata embed-subs
	embed-thumbnail extract-audio extractor-descriptions flat-playlist force-generic-extractor force-ipv4 force-ipv6
	force-overwrites geo-bypass get-comments get-description get-duration get-filename get-format get-id get-thumbnail
	get-title get-url help hls-prefer-ffmpeg hls-prefer-native hls-use-mpegts id ignore-config ignore-errors keep-video
	legacy-server-connect list-extractors list-formats list-subs list-thumbnails live-from-start mark-watched mtime netrc
	newline no-cache-dir no-call-home no-check-certificates no-check-formats no-colors no-config no-continue
	no-download no-mtime no-overwrites no-part no-playlist no-progress no-resize-buffer no-simulate no-warnings part
	playlist-random playlist-reverse prefer-ffmpeg prefer-free-formats prefer-insecure print-json print-traffic progress
	quiet restrict-filenames rm-cache-dir simulate skip-download split-chapters update verbose version
	video-multistreams windows-filenames write-all-thumbnails write-annotations write-auto-subs write-comments
	write-description write-info-json write-link write-pages write-subs write-thumbnail xattrs yes-playlist`
