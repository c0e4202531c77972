package grammar

// clushOptions are those of clush(1) of ClusterShell.
var clushOptions = Options{
	Short: "hns:O:w:x:ag:X:E:qvdGLNPbBrSpcf:l:o:t:u:m:R:",
	Long: "version help groupsource= nostdin groupsconf= conf= option= all group= engine= hostfile= machinefile= topology= pick= " +
		"quiet verbose debug groupbase progress dshbak regroup maxrc color= diff outdir= errdir= " +
		"copy rcopy dest= fanout= grooming= user= options= connect_timeout= command_timeout= mode= worker= remote=",
	Abbreviate: true,
}

// clushCopyOptions may follow operands, as they do once -c or --rcopy is given.
var (
	clushRunOptions  = clushOptions.compiled()
	clushCopyOptions = func() *Options { o := clushOptions; o.Permute = true; return o.compiled() }()
)

// clush reads clush(1), which copies with -c or --rcopy and else runs a command.
func clush(c *Command) (t Transfer) {
	copies := NoCopy
	for o := range clushRunOptions.Scan(c.Args) {
		if o.IsOperand() {
			break
		}
		switch o.Name {
		case "c", "copy":
			copies = Upload
		case "rcopy":
			copies = Download
		case "h", "help", "version":
			return Transfer{}
		}
	}
	if copies == NoCopy {
		return Transfer{}
	}
	return clushCopy(c, copies)
}

func clushCopy(c *Command, direction Direction) (t Transfer) {
	var (
		set      hostSet
		ssh      sshConnection
		user     string
		dest     string
		operands []string
	)
	for o := range clushCopyOptions.Scan(c.Args) {
		if o.Abbreviated {
			t.signal(OptionAbbreviated)
		}
		switch o.Name {
		case "":
			operands = appendOperand(operands, c.Args, o.Index)
		case "w":
			set.add(o.Value)
		case "hostfile", "machinefile":
			set.files = append(set.files, o.Value)
		case "a", "all", "g", "group":
			set.named = true
		case "l", "user":
			user = o.Value
		case "dest":
			dest = o.Value
		case "o", "options":
			ssh.arguments(sshOptions, splitTransport(o.Value))
		case "R", "worker":
			t.rcmd(o.Value)
		}
	}
	if len(operands) == 0 {
		return Transfer{}
	}
	t.Direction = direction
	if direction == Upload {
		t.LocalPaths = operands
		set.addRemotes(&t, user, []string{dest})
	} else {
		if dest != "" {
			t.LocalPaths = []string{dest}
		}
		set.addRemotes(&t, user, operands)
	}
	for i := range t.Remotes {
		t.Remotes[i] = ssh.reach(t.Remotes[i])
	}
	ssh.describe(&t)
	return t
}
