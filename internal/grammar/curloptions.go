package grammar

import (
	"iter"
	"strings"
)

// curlOption is an option of curl by its long name, or an operand, without one.
type curlOption struct {
	name, value string
	negated     bool // --no-name
	expanded    bool // --expand-name: {{variables}} in the value are replaced
	abbreviated bool
	index       int // of an operand in the arguments
}

// scanCurl reads curl's arguments as tool_getparam.c does: operands may stand
// anywhere until "--", the value of a letter may be glued to it, that of a word
// is the next argument, and --name=value is unknown.
func scanCurl(args []string) iter.Seq[curlOption] {
	return func(yield func(curlOption) bool) {
		for i := 0; i < len(args); i++ {
			arg := args[i]
			switch {
			case arg == "--":
				rest := args[i+1:]
				for j, operand := range rest {
					if !yield(curlOption{value: operand, index: len(args) - len(rest) + j}) {
						return
					}
				}
				return
			case !strings.HasPrefix(arg, "-"):
				if !yield(curlOption{value: arg, index: i}) {
					return
				}
			case strings.HasPrefix(arg, "--"):
				opt, kind := findCurl(arg[2:])
				if kind == requiredValue {
					if i++; i == len(args) {
						return // the value is missing: curl complains
					}
					opt.value = args[i]
				}
				if kind != unknownOption && !yield(opt) {
					return
				}
			default:
				used, more := scanCurlLetters(args[i:], yield)
				if !more {
					return
				}
				i += used
			}
		}
	}
}

// scanCurlLetters reads the bundle args[0], and says how many more arguments it takes.
func scanCurlLetters(args []string, yield func(curlOption) bool) (used int, more bool) {
	bundle := args[0]
	for j := 1; j < len(bundle); j++ {
		opt := curlOption{name: curlLetters[bundle[j]&0x7f]}
		if opt.name == "" || bundle[j] >= 0x80 {
			continue
		}
		if curlOptions.lookup().long[opt.name] != requiredValue {
			if !yield(opt) {
				return 0, false
			}
			continue
		}
		if j+1 < len(bundle) {
			opt.value = bundle[j+1:]
			return 0, yield(opt)
		}
		if len(args) == 1 {
			return 0, false
		}
		opt.value = args[1]
		return 1, yield(opt)
	}
	return 0, true
}

// findCurl finds an option by the word after its dashes.
func findCurl(word string) (opt curlOption, kind need) {
	opt.name, kind = word, curlOptions.lookup().long[word]
	if kind != unknownOption {
		return opt, kind
	}
	if name, ok := strings.CutPrefix(word, "no-"); ok {
		opt.name, opt.abbreviated, kind = completeCurl(name)
		opt.negated = true
		if kind == requiredValue { // "used '--no-' for option that isn't a boolean"
			kind = unknownOption
		}
		return opt, kind
	}
	if name, ok := strings.CutPrefix(word, "expand-"); ok && curlOptions.lookup().long[name] == requiredValue {
		return curlOption{name: name, expanded: true}, requiredValue
	}
	opt.name, opt.abbreviated, kind = completeCurl(word)
	return opt, kind
}

// completeCurl finds a name as curl 7.88 and older do: in any case, and cut as far
// as it stays unique among the options of the time. Newer ones want it exact.
func completeCurl(word string) (name string, abbreviated bool, kind need) {
	if kind = curlOptions.lookup().long[word]; kind != unknownOption {
		return word, false, kind
	}
	if len(word) > longestCurlName {
		return word, false, unknownOption
	}
	word = strings.ToLower(word)
	if kind = curlAbbreviated.lookup().long[word]; kind != unknownOption {
		return word, true, kind
	}
	if name = curlAbbreviated.lookup().complete(word); name != "" {
		return name, true, curlAbbreviated.lookup().long[name]
	}
	return word, false, unknownOption
}

// longestCurlName bounds what is spent on an unknown word.
const longestCurlName = 32

// curlOptions are all options of curl 7.88 to 8.16 (the table in tool_getparam.c;
// those without a value here may have --no- before them).
var curlOptions = Options{Long: curlNames + curlLaterNames}.compiled()

// curlAbbreviated are those that a prefix of curl 7.88 is unique among.
var curlAbbreviated = Options{Long: curlNames}.compiled()

const (
	curlNames = `
		abstract-unix-socket= alpn alt-svc= anyauth append aws-sigv4= basic buffer cacert= capath= cert= cert-status
		cert-type= ciphers= clobber compressed compressed-ssh config= connect-timeout= connect-to= continue-at=
		cookie= cookie-jar= create-dirs create-file-mode= crlf crlfile= curves= data= data-ascii= data-binary=
		data-raw= data-urlencode= delegation= digest disable disable-eprt disable-epsv disallow-username-in-url
		dns-interface= dns-ipv4-addr= dns-ipv6-addr= dns-servers= doh-cert-status doh-insecure doh-url= dump-header=
		egd-file= engine= eprt epsv etag-compare= etag-save= expect100-timeout= fail fail-early fail-with-body
		false-start form= form-escape form-string= ftp-account= ftp-alternative-to-user= ftp-create-dirs ftp-method=
		ftp-pasv ftp-port= ftp-pret ftp-skip-pasv-ip ftp-ssl ftp-ssl-ccc ftp-ssl-ccc-mode= ftp-ssl-control
		ftp-ssl-reqd get globoff happy-eyeballs-timeout-ms= haproxy-protocol head header= help hostpubmd5=
		hostpubsha256= hsts= http0.9 http1.0 http1.1 http2 http2-prior-knowledge http3 http3-only
		ignore-content-length include insecure interface= ipv4 ipv6 json= junk-session-cookies keepalive
		keepalive-time= key= key-type= krb= krb4= libcurl= limit-rate= list-only local-port= location location-trusted
		login-options= mail-auth= mail-from= mail-rcpt= mail-rcpt-allowfails manual max-filesize= max-redirs=
		max-time= metalink negotiate netrc netrc-file= netrc-optional next noproxy= npn ntlm ntlm-wb oauth2-bearer=
		output= output-dir= parallel parallel-immediate parallel-max= pass= path-as-is pinnedpubkey= post301 post302
		post303 preproxy= progress-bar progress-meter proto= proto-default= proto-redir= proxy= proxy-anyauth
		proxy-basic proxy-cacert= proxy-capath= proxy-cert= proxy-cert-type= proxy-ciphers= proxy-crlfile=
		proxy-digest proxy-header= proxy-insecure proxy-key= proxy-key-type= proxy-negotiate proxy-ntlm proxy-pass=
		proxy-pinnedpubkey= proxy-service-name= proxy-ssl-allow-beast proxy-ssl-auto-client-cert proxy-tls13-ciphers=
		proxy-tlsauthtype= proxy-tlspassword= proxy-tlsuser= proxy-tlsv1 proxy-user= proxy1.0= proxytunnel pubkey=
		quote= random-file= range= rate= raw referer= remote-header-name remote-name remote-name-all remote-time
		remove-on-error request= request-target= resolve= retry= retry-all-errors retry-connrefused retry-delay=
		retry-max-time= sasl-authzid= sasl-ir service-name= sessionid show-error silent socks4= socks4a= socks5=
		socks5-basic socks5-gssapi socks5-gssapi-nec socks5-gssapi-service= socks5-hostname= speed-limit= speed-time=
		ssl ssl-allow-beast ssl-auto-client-cert ssl-no-revoke ssl-reqd ssl-revoke-best-effort sslv2 sslv3 stderr=
		styled-output suppress-connect-headers tcp-fastopen tcp-nodelay telnet-option= tftp-blksize= tftp-no-options
		time-cond= tls-max= tls13-ciphers= tlsauthtype= tlspassword= tlsuser= tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3
		tr-encoding trace= trace-ascii= trace-time unix-socket= upload-file= url= url-query= use-ascii user=
		user-agent= verbose version write-out= xattr`
	curlLaterNames = `
		ca-native dump-ca-embed ech= follow haproxy-clientip= ip-tos= ipfs-gateway= keepalive-cnt= knownhosts= mptcp
		out-null parallel-max-host= proxy-ca-native proxy-http2 show-headers sigalgs= skip-existing ssl-sessions=
		tls-earlydata trace-config= trace-ids upload-flags= variable= vlan-priority=`
)

// curlLetters are the long names of the short options.
var curlLetters = func() (names [128]string) {
	for pair := range strings.FieldsSeq(`
		#=progress-bar 0=http1.0 1=tlsv1 2=sslv2 3=sslv3 4=ipv4 6=ipv6 :=next A=user-agent B=use-ascii C=continue-at
		D=dump-header E=cert F=form G=get H=header I=head J=remote-header-name K=config L=location M=manual N=buffer
		O=remote-name P=ftp-port Q=quote R=remote-time S=show-error T=upload-file U=proxy-user V=version X=request
		Y=speed-limit Z=parallel a=append b=cookie c=cookie-jar d=data e=referer f=fail g=globoff h=help i=include
		j=junk-session-cookies k=insecure l=list-only m=max-time n=netrc o=output p=proxytunnel q=disable r=range
		s=silent t=telnet-option u=user v=verbose w=write-out x=proxy y=speed-time z=time-cond`) {
		names[pair[0]] = pair[2:]
	}
	return names
}()
