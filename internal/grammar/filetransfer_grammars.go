package grammar

// fileTransferGrammars are those of clients of FTP, TFTP, WebDAV and SMB. The
// tools that share one are named where its key is not its only tool.
var fileTransferGrammars = map[string]Grammar{
	"ftp":        readFTP, // tnftp, netkit-ftp, inetutils-ftp, ftp-ssl, pftp
	"lftp":       readLftp,
	"lftpget":    readLftpget,
	"ncftp":      readNcftp,
	"ncftpput":   readNcftpput,
	"ncftpget":   readNcftpget,
	"ncftpls":    readNcftpls,
	"ncftpbatch": readNcftpbatch, // ncftpspooler
	"yafc":       readYafc,       // gftp, gftp-gtk, gftp-text
	"ftpcopy":    readFtpcopy,
	"ftpget":     readFtpget, // of busybox and toybox
	"ftpput":     readFtpput,
	"tftp":       readTFTP, // of tftp-hpa, inetutils and busybox; atftp

	"smbclient":            readSmbclient,
	"smbget":               readSmbget,
	"impacket-smbclient":   readImpacketSmbclient, // smbclient.py
	"impacket-smbserver":   readSmbserver,         // smbserver.py
	"netexec":              readNetexec,           // nxc, crackmapexec, cme
	"evil-winrm":           readEvilWinRM,
	"mount":                readMount, // mount.cifs, mount.smb3, mount.nfs, mount.nfs4, mount.davfs, curlftpfs
	"cadaver":              readCadaver,
	"sitecopy":             readSitecopy,
	"weex":                 readWeex,
	"file-transfer-server": readFileServer, // vsftpd, proftpd, pure-ftpd, ftpd, in.ftpd, tftpd, in.tftpd, atftpd, pyftpdlib

	"zmodem":          readZmodem, // sz, sb, sx, rz, rb, rx, and these with an l before them
	"kermit":          readKermit, // ckermit, gkermit
	"globus-url-copy": readGlobusURL,
	"gfal-copy":       readGfalCopy,
	"xrdcp":           readXrdcp,
	"bbcp":            readBbcp,
	"ascp":            readAscp, // ascp4
	"bbftp":           readBbftp,
	"icommands":       readIcommands, // iput, iget, irsync
}
