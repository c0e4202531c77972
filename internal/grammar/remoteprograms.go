package grammar

import (
	"slices"
	"strings"
)

// remoteDeed is what a program does with its standard input and output.
type remoteDeed uint8

const (
	deedNothing        remoteDeed = iota
	deedPasses                    // writes what it reads, in another form perhaps
	deedEmits                     // writes the content of files
	deedKeeps                     // writes what it reads to files
	deedKeepsAndPasses            // tee
)

// remoteProgram says from its arguments what a program does, and with which files.
type remoteProgram func(args []string) (remoteDeed, []string)

// remotePrograms are those that commonly stand at the other end of an ssh that copies.
var remotePrograms = func() map[string]remoteProgram {
	all := map[string]remoteProgram{
		"cp": remoteDeviceCopy, "install": remoteDeviceCopy, "cpio": remoteCpio, "dd": remoteDD, "openssl": remoteOpenSSL, "pax": remotePax,
		"split": remoteFixed(deedKeeps), "sponge": remoteFiles(deedKeeps, ""), "tar": remoteTarStream, "gtar": remoteTarStream, "bsdtar": remoteTarStream,
		"tcpdump": remoteCapture, "tee": remoteFiles(deedKeepsAndPasses, ""), "uudecode": remoteFixed(deedKeeps), "zip": remoteZip,
	}
	for word := range strings.FieldsSeq("zfs btrfs docker podman nerdctl") {
		all[word] = remoteImage
	}
	for word := range strings.FieldsSeq("cat zcat gzcat bzcat xzcat lzcat zstdcat lz4cat base64 base32 xxd uuencode") {
		all[word] = remoteCatenates(remoteFiles(deedEmits, ""))
	}
	for word := range strings.FieldsSeq("head tail pv mbuffer gpg gpg2 age") {
		all[word] = remoteCatenates(remoteFiles(deedEmits, "ncLkBmosrRQu"))
	}
	for word := range strings.FieldsSeq("gzip gunzip pigz unpigz bzip2 bunzip2 pbzip2 xz unxz lzma lz4 lzop zstd unzstd brotli") {
		all[word] = remoteCompressor
	}
	for word := range strings.FieldsSeq("awk buffer cut gawk grep iconv perl rev sed sort strings tr") {
		all[word] = remoteFixed(deedPasses)
	}
	for word := range strings.FieldsSeq("ssh nc ncat curl aws gsutil rclone mail logger wc xargs cksum md5sum sha1sum sha256sum sha512sum") {
		all[word] = remoteFixed(deedNothing) // of what they read
	}
	for word := range strings.FieldsSeq("mysqldump mariadb-dump mysqlpump pg_dump pg_dumpall pg_basebackup mongodump slapcat dump xfsdump") {
		all[word] = remoteFixed(deedEmits)
	}
	for word := range strings.FieldsSeq("mysql mariadb psql pg_restore mongorestore sqlite3 redis-cli slapadd restore xfsrestore") {
		all[word] = remoteFixed(deedKeeps)
	}
	return all
}()

func remoteFixed(d remoteDeed) remoteProgram {
	return func([]string) (remoteDeed, []string) { return d, nil }
}

// remoteFiles is for programs that do d with the files in their arguments. The
// letters of values take one; long options are switches.
func remoteFiles(d remoteDeed, values string) remoteProgram {
	return func(args []string) (remoteDeed, []string) {
		var operands []string
		for i := 0; i < len(args); i++ {
			arg := args[i]
			switch {
			case arg == "-" || arg == "" || arg[0] != '-':
				operands = append(roomFor(operands), arg)
			case len(arg) == 2 && strings.IndexByte(values, arg[1]) >= 0:
				i++
			}
		}
		return d, operands
	}
}

// remoteCatenates is for programs that read standard input where no files are given.
func remoteCatenates(p remoteProgram) remoteProgram {
	return func(args []string) (remoteDeed, []string) {
		d, operands := p(args)
		operands = slices.DeleteFunc(operands, isStandardInput)
		if len(operands) == 0 {
			return deedPasses, nil
		}
		return d, operands
	}
}

func isStandardInput(file string) bool {
	return file == "-" || file == "/dev/stdin" || file == "/dev/fd/0"
}

// remoteCompressor: with files it writes beside them, unless -c has it write to standard output.
func remoteCompressor(args []string) (remoteDeed, []string) {
	_, operands := remoteFiles(deedEmits, "STb")(args)
	operands = slices.DeleteFunc(operands, isStandardInput)
	if len(operands) == 0 {
		return deedPasses, nil
	}
	for _, arg := range args {
		if arg == "--stdout" || arg == "--to-stdout" ||
			strings.HasPrefix(arg, "-") && !strings.HasPrefix(arg, "--") && strings.Contains(arg, "c") {
			return deedEmits, operands
		}
	}
	return deedNothing, nil
}

func remoteDD(args []string) (remoteDeed, []string) {
	var in, out string
	for _, arg := range args {
		if file, ok := strings.CutPrefix(arg, "if="); ok && !isStandardInput(file) {
			in = file
		} else if file, ok := strings.CutPrefix(arg, "of="); ok && isKeptFile(file) {
			out = file
		}
	}
	switch {
	case in != "" && out != "":
		return deedNothing, nil
	case in != "":
		return deedEmits, []string{in}
	case out != "":
		return deedKeeps, []string{out}
	}
	return deedPasses, nil
}

// remoteDeviceCopy is cp /dev/stdin FILE and cp FILE /dev/stdout.
func remoteDeviceCopy(args []string) (remoteDeed, []string) {
	_, operands := remoteFiles(deedNothing, "mogtS")(args)
	if len(operands) != 2 {
		return deedNothing, nil
	}
	switch from, to := operands[0], operands[1]; {
	case isStandardInput(from):
		return deedKeeps, []string{to}
	case to == "/dev/stdout":
		return deedEmits, []string{from}
	}
	return deedNothing, nil
}

func remoteOpenSSL(args []string) (remoteDeed, []string) {
	var in, out string
	for i, arg := range args {
		if i+1 < len(args) && arg == "-in" {
			in = args[i+1]
		}
		if i+1 < len(args) && arg == "-out" {
			out = args[i+1]
		}
	}
	switch {
	case in != "" && out == "":
		return deedEmits, []string{in}
	case in == "" && out != "":
		return deedKeeps, []string{out}
	case in == "":
		return deedPasses, nil
	}
	return deedNothing, nil
}

func remoteTarStream(args []string) (remoteDeed, []string) {
	call := readTar(args)
	if call.archive != "" && call.archive != "-" {
		return deedNothing, nil
	}
	switch {
	case call.creates():
		return deedEmits, call.members
	case call.mode == 'x' && call.dir != "":
		return deedKeeps, []string{call.dir}
	case call.mode == 'x':
		return deedKeeps, nil
	}
	return deedNothing, nil
}

func remoteCpio(args []string) (remoteDeed, []string) {
	switch mode := modeLetter(args, "iop"); mode {
	case 'i':
		return deedKeeps, nil
	case 'o':
		return deedEmits, nil
	}
	return deedNothing, nil
}

func remotePax(args []string) (remoteDeed, []string) {
	switch mode := modeLetter(args, "rw"); mode {
	case 'r':
		return deedKeeps, nil
	case 'w':
		return deedEmits, nil
	}
	return deedNothing, nil
}

// modeLetter is the first of the letters that a bundle of options has.
func modeLetter(args []string, letters string) byte {
	for _, arg := range args {
		if len(arg) < 2 || arg[0] != '-' || arg[1] == '-' {
			continue
		}
		if at := strings.IndexAny(arg, letters); at > 0 {
			return arg[at]
		}
	}
	return 0
}

func remoteZip(args []string) (remoteDeed, []string) {
	_, operands := remoteFiles(deedEmits, "bnt")(args)
	if len(operands) > 1 && operands[0] == "-" {
		return deedEmits, operands[1:]
	}
	return deedNothing, nil
}

func remoteCapture(args []string) (remoteDeed, []string) {
	if hasWord(args, "-w-") {
		return deedEmits, nil
	}
	for i, arg := range args {
		if strings.HasPrefix(arg, "-") && strings.HasSuffix(arg, "w") && i+1 < len(args) && args[i+1] == "-" {
			return deedEmits, nil
		}
	}
	return deedNothing, nil
}

// remoteImage: zfs send, btrfs receive, docker save and load.
func remoteImage(args []string) (remoteDeed, []string) {
	for i, arg := range args {
		switch arg {
		case "send", "save", "export":
			if hasWord(args[i:], "-o") || hasWord(args[i:], "--output") {
				return deedNothing, nil
			}
			return deedEmits, nil
		case "receive", "recv", "load", "import":
			if hasWord(args[i:], "-i") || hasWord(args[i:], "--input") {
				return deedNothing, nil
			}
			return deedKeeps, nil
		}
	}
	return deedNothing, nil
}
