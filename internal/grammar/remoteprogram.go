package grammar

import "strings"

// copyThrough reads a command that runs a program elsewhere with the
// descriptors of this one (kubectl exec, docker run, adb shell). It is a copy
// where the program writes to its output what is in a file there, or the other
// way round, and the descriptor here leads to a file, pipe or socket:
//
//	kubectl exec pod -- tar c /etc > etc.tar
//	docker exec -i web sh -c 'cat > /tmp/x' < x
//
// stdin says whether standard input reaches the program.
func copyThrough(r *reading, program []string, stdin bool) {
	if len(program) > 0 && program[0] == "--" {
		program = program[1:]
	}
	path, gives, takes := streamedBy(program)
	switch {
	case takes && stdin && r.Stdin.HoldsData():
		r.Direction = Upload
		r.addInput(r.Command, "-")
	case gives && r.Stdout.HoldsData():
		r.Direction = Download
		r.addOutput(r.Command, "-")
	default:
		r.refuses = true
		return
	}
	r.Confidence = Medium
	if n := len(r.Remotes); n > 0 && path != "" {
		r.Remotes[n-1].Path = path
	}
}

// streamedBy says whether a program gives files to its standard output, or
// takes them from its input, and which where it is one. A shell's script is
// judged by its commands.
func streamedBy(program []string) (path string, gives, takes bool) {
	for len(program) > 0 && isWrapper(program[0]) {
		program = program[1:]
	}
	if len(program) == 0 {
		return "", false, false
	}
	script := ""
	if len(program) == 1 {
		script = program[0]
	} else if isShell(baseName(program[0])) {
		if script = shellScript(program[1:]); script == "" {
			return "", false, false
		}
	} else {
		return streamedByCommand(&shellCommand{words: program})
	}
	filters := false // the pipeline so far hands on standard input
	for c := range shellCommands(script) {
		p, g, t := streamedByCommand(c)
		if c.fed { // the end of a pipeline gives, its start takes
			gives, t = g || gives && !c.redirected(">"), t && filters
		}
		if p != "" {
			path = p
		}
		filters = isFilter(c.name()) && p == "" && (filters || !c.fed)
		gives, takes = gives || g, takes || t
	}
	return path, gives, takes
}

func isWrapper(word string) bool {
	switch baseName(word) {
	case "sudo", "doas", "env", "nice", "busybox", "toybox", "nohup":
		return true
	}
	return false
}

func isFilter(name string) bool {
	switch name {
	case "cat", "base64", "xxd", "gzip", "gunzip", "zcat", "bzip2", "bunzip2", "xz", "unxz", "zstd", "lz4", "openssl", "gpg", "pv":
		return true
	}
	return false
}

// redirected says whether standard output (>) or input (<) is a file.
func (c *shellCommand) redirected(op string) bool { return c.redirectTarget(op) != "" }

func (c *shellCommand) redirectTarget(op string) string {
	for _, r := range c.redirects {
		out := r.op == ">" || r.op == ">>" || r.op == ">|" || r.op == "&>"
		if (op == ">" && out && (r.fd == "" || r.fd == "1")) || (op == "<" && r.op == "<" && (r.fd == "" || r.fd == "0")) {
			return r.target
		}
	}
	return ""
}

func streamedByCommand(c *shellCommand) (path string, gives, takes bool) {
	if len(c.words) == 0 {
		return "", false, false
	}
	args, out := c.args(), c.redirectTarget(">")
	switch name := c.name(); {
	case isFilter(name) || name == "head" || name == "tail":
		file, in := lastFile(args), c.redirectTarget("<")
		if file == "" {
			file = in
		}
		if out == "" {
			return file, file != "", false
		}
		return out, false, file == ""
	case name == "tee":
		return lastFile(args), false, true
	}
	switch c.name() {
	case "dd":
		return streamedByDD(args)
	case "tar", "bsdtar":
		gives, takes = streamedByTar(args)
		return "", gives && out == "", takes
	case "cpio":
		in := hasFlag(args, 'i')
		return "", !in && out == "", in
	case "pg_dump", "pg_dumpall", "mysqldump", "mariadb-dump", "mongodump":
		return "", out == "", false
	}
	return "", false, false
}

// lastFile is the last operand that is a file; numbers are values of options.
func lastFile(args []string) (file string) {
	for _, a := range args {
		if a != "" && a[0] != '-' && strings.Trim(a, "0123456789") != "" {
			file = a
		}
	}
	return file
}

func hasFlag(args []string, letter byte) bool {
	for _, a := range args {
		if len(a) > 1 && a[0] == '-' && a[1] != '-' && strings.IndexByte(a, letter) > 0 {
			return true
		}
	}
	return false
}

func streamedByDD(args []string) (path string, gives, takes bool) {
	from, to := "", ""
	for _, a := range args {
		if v, ok := strings.CutPrefix(a, "if="); ok {
			from = v
		} else if v, ok := strings.CutPrefix(a, "of="); ok {
			to = v
		}
	}
	switch {
	case from != "" && to == "":
		return from, true, false
	case from == "" && to != "":
		return to, false, true
	}
	return "", false, false
}

// streamedByTar: tar reads and writes its standard streams where -f is - or not
// given. The first argument may be a bundle without a dash.
func streamedByTar(args []string) (gives, takes bool) {
	archive, bundle := "-", ""
	for i, a := range args {
		letters := ""
		switch {
		case strings.HasPrefix(a, "--file="):
			archive = a[len("--file="):]
		case a == "--create":
			bundle += "c"
		case a == "--extract" || a == "--get":
			bundle += "x"
		case strings.HasPrefix(a, "--"):
		case strings.HasPrefix(a, "-"):
			letters = a[1:]
		case i == 0:
			letters = a
		}
		bundle += letters[:min(len(letters), 8)]
		if f := strings.IndexByte(letters, 'f'); f >= 0 {
			if glued := letters[f+1:]; glued != "" && i > 0 {
				archive = glued
			} else if i+1 < len(args) {
				archive = args[i+1]
			}
		}
		if i > 16 {
			break
		}
	}
	if archive != "-" {
		return false, false
	}
	return strings.ContainsRune(bundle, 'c'), strings.ContainsRune(bundle, 'x')
}

func baseName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }
