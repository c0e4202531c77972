package grammar

// streamGrammars are those of tools that move bytes between a socket and their
// descriptors. The tools that share one are named where its key is not its only tool.
var streamGrammars = map[string]Grammar{
	"nc":          readNetcat, // netcat, nc.openbsd, nc.traditional, of busybox; ncat, cryptcat
	"socat":       readSocat,  // socat1, socat2
	"openssl":     readOpenssl,
	"gnutls-cli":  readGnutlsCli,
	"gnutls-serv": readGnutlsServ,
	"stunnel":     readStunnel, // stunnel3, stunnel4
	"gs-netcat":   readGsNetcat,
	"telnet":      readTelnet,
	"websocat":    readWebsocat,
	"wscat":       readWscat,
	"tcpclient":   readTcpclient, // tcpserver
	"udpcast":     readUdpcast,   // udp-sender, udp-receiver
	"mbuffer":     readMbuffer,
	"iperf3":      readIperf,
	"nuttcp":      readNuttcp,
	"rustcat":     readRustcat, // rcat
	"pwncat":      readPwncat,  // pwncat-cs
	"ffmpeg":      readFfmpeg,
}
