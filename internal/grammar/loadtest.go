package grammar

// hey measures web servers, with a body where one is given.
var hey = webTool{
	options: Options{
		Long:       "n= c= q= z= o= m= H= t= A= d= D= T= a= x= h2 host= disable-compression disable-keepalive disable-redirects cpus= h help",
		SingleDash: true,
	}.compiled(),
	roles: map[string]webRole{
		"h": webInform, "help": webInform, "d": webSendData, "D": webSendFile, "x": webProxy, "a": webUser,
	},
	scheme: "http", unsaid: webNowhere,
}

var abOptions = Options{
	Short:   "rkVhwiIdSqlA:b:B:c:C:e:E:f:g:H:m:n:p:P:s:t:T:u:v:x:X:y:z:Z:",
	Permute: true,
}.compiled()

var abRoles = map[string]webRole{
	"h": webInform, "V": webInform, "p": webSendFile, "u": webSendFile, "X": webProxy, "A": webUser,
}

// abQuiet and abVerbose are the two ways of ab(1): only with -v 2 and more is what comes shown.
var (
	abQuiet   = webTool{options: abOptions, roles: abRoles, scheme: "http", unsaid: webNowhere}
	abVerbose = webTool{options: abOptions, roles: abRoles, scheme: "http", unsaid: webStdout}
)

func ab(c *Command) Transfer {
	for opt := range abOptions.Scan(c.Args) {
		if opt.Name == "v" && len(opt.Value) > 0 && opt.Value >= "2" {
			return abVerbose.read(c)
		}
	}
	return abQuiet.read(c)
}
