package grammar

var hurlOptions = Options{
	Short: "iLkvhVA:b:c:E:H:m:o:u:x:",
	Long: `aws-sigv4= cacert= cert= connect-timeout= connect-to= cookie= cookie-jar= curl= delay= error-format= file-root=
		from-entry= glob= header= jobs= key= limit-rate= max-filesize= max-redirs= max-time= netrc-file= noproxy= output=
		pinnedpubkey= proxy= repeat= report-html= report-json= report-junit= report-tap= resolve= retry= retry-interval=
		secret= secrets-file= to-entry= unix-socket= user= user-agent= variable= variables-file= test parallel insecure
		location include json color no-color no-output verbose very-verbose help version`,
	Permute: true,
}.compiled()

// hurl runs the requests that its files describe; what is copied is in there.
func hurl(c *Command) Transfer {
	t := Transfer{Direction: Unknown}
	t.signal(OpaqueConfig)
	for opt := range hurlOptions.Scan(c.Args) {
		switch opt.Name {
		case "":
			t.addOpaque(opt.Value)
		case "glob":
			t.addOpaque(opt.Value)
		case "h", "help", "V", "version":
			return Transfer{Direction: Informative}
		case "o", "output":
			t.addOutput(c, opt.Value)
		case "x", "proxy":
			t.signal(ViaProxy)
		case "k", "insecure":
			t.signal(Unverified)
		case "connect-to", "resolve", "unix-socket":
			t.signal(RedirectedHost)
		}
	}
	if len(t.Opaque) == 0 {
		t.Opaque = []string{"-"}
	}
	return t
}
