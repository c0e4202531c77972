package grammar

// lua (lua(1), 5.4) with LuaSocket.
var luaOptions = Options{Short: "e:l:iEvWb:j:O::"}.compiled()

func lua(c *Command) Transfer { return codeOf(c, luaOptions, "e", luaCalls) }

var luaCalls = []knownCall{
	{name: "http.request", deed: fetches, body: 2}, {name: ".request", near: "socket.http", deed: fetches, body: 2}, {name: ".request", near: "ssl.https", deed: fetches, body: 2},
	{name: "ftp.put", deed: uploads}, {name: "ftp.get", deed: downloads}, {name: "smtp.send", deed: uploads, protocol: "smtp"},
	{name: ":connect(", near: "socket", deed: connects, host: 1}, {name: "socket.connect", deed: connects, host: 1}, {name: "socket.bind", deed: listens}, {name: ":bind", near: "socket", deed: listens},
	{name: "source", near: "ltn12.source", deed: sends},
	{name: "io.open", deed: opens, file: 1, mode: 2}, {name: "io.lines", deed: reads, file: 1},
	{name: "io.read", deed: readsStdin}, {name: "io.stdin", deed: readsStdin},
	{name: "io.popen", deed: startsShell}, {name: "/bin/sh", deed: startsShell},
}
