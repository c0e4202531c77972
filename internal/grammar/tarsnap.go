package grammar

// tarsnapOptions are those of tarsnap(1), and how it reads them (tar/cmdline.c of Tarsnap 1.0.41).
var tarsnapOptions = Options{
	Short: "BcdHhkLlmnOoPpqrStUvwxC:f:I:s:T:W:X:",
	Long: "absolute-paths aggressive-networking archive-names= cachedir= cd= check-links checkpoint-bytes= chroot configfile= confirmation " +
		"create creationtime= csv-file= debug-network-stats dereference directory= disk-pause= dry-run dump-config exclude= exclude-from= " +
		"extract fast-read file= files-from= force-resources fsck fsck-prune help humanize-numbers include= initialize-cachedir " +
		"insane-filesystems iso-dates insecure interactive keep-going keep-newer-files keep-old-files keyfile= list list-archives lowmem " +
		"maxbw= maxbw-rate= maxbw-rate-down= maxbw-rate-up= modification-time newer= newer-ctime= newer-ctime-than= newer-mtime= " +
		"newer-mtime-than= newer-than= nodump noisy-warnings norecurse normalmem no-aggressive-networking no-config-exclude " +
		"no-config-include no-default-config no-disk-pause no-force-resources no-humanize-numbers no-insane-filesystems no-iso-dates " +
		"no-maxbw no-maxbw-rate-down no-maxbw-rate-up no-nodump no-print-stats no-progress-bytes no-quiet no-recursion no-retry-forever " +
		"no-same-owner no-same-permissions no-snaptime no-store-atime no-totals nuke null numeric-owner one-file-system passphrase-stdin " +
		"preserve-permissions print-stats quiet read-full-blocks recover resume-extract retry-forever same-owner same-permissions " +
		"snaptime= store-atime strip-components= to-stdout totals unlink unlink-first progress-bytes= verify-config verbose version verylowmem",
	Abbreviate: true,
}.compiled()

// tarsnap keeps archives with the service of that name: -c copies there, -x and
// -r back. All else, and a dry run, copies nothing.
func tarsnap(c *Command) Transfer {
	t := Transfer{Direction: Informative, Channel: Encrypted}
	dir, dry, stdout := "", false, false
	var operands []string
	args := tarsnapOptions.dashed(c.Args)
	for o := range tarsnapOptions.Scan(args) {
		if o.Abbreviated {
			t.signal(OptionAbbreviated)
		}
		switch o.Name {
		case "":
			operands = appendOperand(operands, args, o.Index)
		case "c", "create":
			t.Direction = Upload
		case "x", "extract":
			t.Direction = Download
		case "r":
			t.Direction, stdout = Download, true
		case "O", "to-stdout":
			stdout = true
		case "C", "cd", "directory":
			dir = o.Value
		case "T", "files-from":
			t.addOpaque(o.Value)
		case "configfile":
			t.addOpaque(o.Value)
			t.signal(OpaqueConfig)
		case "dry-run":
			dry = true
		case "help", "version":
			return Transfer{Direction: Informative}
		}
	}
	switch {
	case dry || t.Direction == Informative:
		return Transfer{Direction: Informative}
	case t.Direction == Upload:
		for _, operand := range operands {
			t.addInput(c, joinPath(dir, operand))
		}
	case stdout:
		t.addOutput(c, "-")
	case dir != "":
		t.addOutput(c, dir)
	default:
		t.addOutput(c, ".")
	}
	return t
}
