package grammar

// php (php -h, 8.2): the built-in server in -S, code in -r.
var phpOptions = Options{
	Short: "aB:c:C?d:E:eF:f:hH?iLlmnqR:r:sS:t:vwz:",
	Long:  "run= server= docroot= php-ini= define= file= no-php-ini interactive process-begin= process-code= process-file= process-end= info help version modules syntax-check rf= rc= re= rz= ri= ini strip",
}.compiled()

func php(c *Command) Transfer {
	serves, root := false, c.Directory
	for o := range phpOptions.Scan(c.Args) {
		switch o.Name {
		case "r", "run":
			return readCode(c, o.Value, phpCalls, c.Args[afterOption(c.Args, &o):])
		case "S", "server":
			serves = true
		case "t", "docroot":
			root = o.Value
		}
	}
	if !serves {
		return Transfer{}
	}
	t := Transfer{Direction: Listen}
	if root != "" {
		t.LocalPaths = append(t.LocalPaths, root)
	}
	return t
}

var phpCalls = []knownCall{
	{name: "curl_exec", deed: fetches}, {name: "CURLOPT_UPLOAD", deed: sends}, {name: "CURLOPT_POSTFIELDS", deed: sends}, {name: "CURLOPT_INFILE", deed: uploads},
	{name: "CURLFile", deed: uploads, file: 1}, {name: "curl_file_create", deed: uploads, file: 1}, {name: "CURLOPT_FILE", deed: downloads},
	{name: "stream_context_create", deed: sends}, {name: "copy", deed: opens, file: 1}, {name: "copy", near: "://", file: 2},
	{name: "file_get_contents", deed: opens, file: 1}, {name: "readfile", deed: opens, file: 1}, {name: "file", deed: opens, file: 1},
	{name: "file_put_contents", deed: writes, file: 1}, {name: "fopen", deed: opens, file: 1, mode: 2},
	{name: "ftp_connect", deed: connects, host: 1, protocol: "ftp", channel: Clear}, {name: "ftp_ssl_connect", deed: connects, host: 1, protocol: "ftp", channel: Encrypted},
	{name: "ftp_put", deed: uploads, file: 3}, {name: "ftp_fput", deed: uploads}, {name: "ftp_get", deed: downloads, file: 2}, {name: "ftp_fget", deed: downloads},
	{name: "ssh2_connect", deed: connects, host: 1, protocol: "ssh", channel: Encrypted},
	{name: "ssh2_scp_send", deed: uploads, file: 2}, {name: "ssh2_scp_recv", deed: downloads, file: 3},
	{name: "fsockopen", deed: connects, host: 1}, {name: "pfsockopen", deed: connects, host: 1}, {name: "stream_socket_client", deed: connects},
	{name: "socket_connect", deed: connects, host: 2}, {name: "stream_socket_server", deed: listens}, {name: "socket_listen", deed: listens},
	{name: "php://stdin", deed: readsStdin}, {name: "STDIN", deed: readsStdin},
	{name: "proc_open", deed: startsShell}, {name: "/bin/sh", deed: startsShell}, {name: "/bin/bash", deed: startsShell}, {name: "sh -i", deed: startsShell},
}
