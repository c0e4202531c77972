package grammar

// julia (julia --help, 1.10).
var juliaOptions = Options{
	Short: "e:E:L:J:H:C:p:t:iqhvO::g::m:",
	Long:  "eval= print= load= sysimage= home= cpu-target= procs= threads= machine-file= project=? startup-file= optimize=? compile= color= history-file= help version",
}.compiled()

func julia(c *Command) Transfer { return codeOf(c, juliaOptions, "e E eval print", juliaCalls) }

var juliaCalls = []knownCall{
	{name: "download(", deed: downloads, file: 2}, {name: "HTTP.get", deed: fetches}, {name: "HTTP.post", deed: sends}, {name: "HTTP.put", deed: sends},
	{name: "Downloads.request", deed: fetches}, {name: "connect", near: "Sockets", deed: connects, host: 1}, {name: "listen", near: "Sockets", deed: listens},
	{name: "open(", deed: opens, file: 1, mode: 2}, {name: "read(", deed: reads, file: 1}, {name: "write(", deed: writes},
	{name: "stdin", deed: readsStdin}, {name: "/bin/sh", deed: startsShell},
}
