package grammar

var cadaverOptions = Options{
	Short: "tr:p:Vhe", Long: "tolerant rcfile= proxy= expect100 version help", Permute: true, Abbreviate: true,
}.compiled()

// readCadaver reads cadaver URL, which is told what to copy when it runs.
func readCadaver(c *Command) (t Transfer) {
	script := ""
	for o := range cadaverOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			addEnd(&t, parseSite(o.Value))
		case "r", "rcfile":
			script = o.Value
		case "p", "proxy":
			t.signal(ViaProxy)
		case "V", "version", "h", "help":
			return Transfer{Direction: Informative}
		}
	}
	if script != "" {
		readCommandsFrom(&t, script)
	} else {
		awaitCommands(c, &t)
	}
	return t
}

var sitecopyOptions = Options{
	Short: "d:g:r:p:yaxkoqnlvifecsuhV",
	Long: "debug= logfile= rcfile= storepath= prompting allsites create-remote keep-going show-progress quiet silent dry-run list flatlist view " +
		"initialize fetch verify catchup synchronize update help version",
	Permute: true, Abbreviate: true,
}.compiled()

// readSitecopy reads sitecopy MODE SITE...: -u uploads what changed, -s has the
// site's files replace the local ones. ~/.sitecopyrc says what the names mean.
func readSitecopy(c *Command) (t Transfer) {
	t.Direction = Informative
	dry := false
	for o := range sitecopyOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			addEnd(&t, Remote{Host: o.Value})
			t.signal(Alias)
		case "u", "update":
			t.Direction = Upload
		case "s", "synchronize":
			t.Direction = Download
		case "r", "rcfile":
			t.addOpaque(o.Value)
		case "n", "dry-run":
			dry = true
		case "h", "help", "V", "version":
			return Transfer{Direction: Informative}
		}
	}
	if dry {
		t.Direction = Informative
	}
	if t.Direction != Informative {
		t.signal(OpaqueConfig)
	}
	return t
}

var weexOptions = Options{
	Short: "hsfmtrdDV", Long: "help silent force monochrome test rebuild-cache debug-config debug-ftplib version", Permute: true, Abbreviate: true,
}.compiled()

// readWeex reads weex HOST...: it uploads what changed. ~/.weex/weexrc says what the names mean.
func readWeex(c *Command) (t Transfer) {
	inform := false
	for o := range weexOptions.Scan(c.Args) {
		switch o.Name {
		case "":
			addEnd(&t, Remote{Host: o.Value})
		case "h", "help", "t", "test", "r", "rebuild-cache", "d", "debug-config", "V", "version":
			inform = true
		}
	}
	if len(t.Remotes) == 0 {
		return Transfer{Direction: Informative}
	}
	t.signal(Alias)
	if t.Direction = Informative; !inform {
		t.Direction = Upload
		t.signal(OpaqueConfig)
	}
	return t
}
