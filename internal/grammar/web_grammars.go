package grammar

// webGrammars are those of HTTP clients, and of the tools that can be used as one.
var webGrammars = map[string]Grammar{
	"curl":   curl,
	"curlie": curl, // curl's options, HTTPie's operands
	"wget":   wget,
	"wget2":  wget,
	// of busybox wget and uclient-fetch, which may also be called wget
	"uclient-fetch": uclientFetch.read,
	"httpie":        httpie, // http, https, xh, xhs
	"aria2c":        aria2c,
	"axel":          axel.read,
	"saldl":         saldl.read,
	"puf":           puf.read,
	"fetch":         bsdFetch.read,
	"wcurl":         wcurl.read,
	"nscurl":        nscurl.read,
	"yt-dlp":        ytDLP.read, // youtube-dl
	"lwp-request":   lwpRequest, // GET, POST, HEAD
	"lwp-download":  lwpDownload,
	"lwp-mirror":    lwpMirror,
	"lynx":          lynx.read,
	"links":         links.read,
	"elinks":        elinks.read,
	"w3m":           w3m.read,
	"hurl":          hurl,
	"ab":            ab,
	"hey":           hey.read,
	"whois":         whois,
	"finger":        finger,
	"lp":            lp,
	"lpr":           lpr,
	"cancel":        cancel,
	"pastebinit":    pastebinit.read,
	"wgetpaste":     wgetpaste.read,
	"nopaste":       nopaste.read,
}
