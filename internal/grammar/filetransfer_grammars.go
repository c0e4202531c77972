package grammar

// fileTransferGrammars are those of clients of FTP, TFTP, WebDAV and SMB.
var fileTransferGrammars = map[string]Grammar{}
