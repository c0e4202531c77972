package grammar

import "strings"

// Tools of virtual machines and system containers.

// lxc is lxc and incus (lxc file --help; incus file --help).
var lxc = &verb{
	options: "h,help!help debug force-local project= q,quiet sub-commands v,verbose",
	verbs: map[string]*verb{
		"file": {verbs: map[string]*verb{
			"push":   {direction: Upload, options: "p,create-dirs gid= uid= mode= r,recursive", operands: "input... skip", read: lxcPush},
			"pull":   {direction: Download, options: "p,create-dirs r,recursive", operands: "skip... output", read: lxcPull},
			"mount":  {direction: Bidirectional, options: "auth-user= listen= no-auth", operands: "skip [file]", read: lxcPush1},
			"edit":   {direction: Interactive, operands: "skip", read: lxcPush1},
			"delete": {direction: NoCopy},
		}},
		"exec": {options: "cwd= env= group= user= mode= T,force-noninteractive t,force-interactive n,disable-stdin", operands: "skip skip...", read: lxcExec, strict: true},
		"image": {verbs: map[string]*verb{
			"copy":   {direction: RemoteToRemote, options: "alias= p,profile= mode= target-project= auto-update copy-aliases public vm", operands: "skip skip", read: lxcImageCopy},
			"export": {direction: Local, options: "vm", operands: "skip [output]", read: lxcImageExport},
			"import": {direction: Local, options: "alias= public reuse", operands: "skip [skip] [skip...]", read: lxcImageImport},
		}},
		"export":          {direction: Local, options: "compression= instance-only optimized-storage", operands: "skip [output]"},
		"import":          {direction: Local, options: "d,device= s,storage=", operands: "skip...", read: lxcImageImport},
		"copy|cp|move|mv": {direction: NoCopy},
	},
}

// parseInstancePath splits [remote:]instance/path. Where a remote is named it is the host, and a configuration knows its address.
func parseInstancePath(r *reading, s string) {
	if server, path, ok := strings.Cut(s, ":"); ok && !strings.Contains(server, "/") && server != "local" {
		r.remote(Remote{Host: server, Path: path})
		r.signal(Alias)
		return
	}
	s = strings.TrimPrefix(s, "local:")
	slash := strings.IndexByte(s, '/')
	if slash < 0 {
		slash = len(s)
	}
	r.remote(Remote{Host: s[:slash], Path: s[slash:]})
}

func lxcPush(r *reading)  { parseInstancePath(r, r.operands[len(r.operands)-1]) }
func lxcPush1(r *reading) { parseInstancePath(r, r.operands[0]) }

func lxcPull(r *reading) {
	for _, from := range r.operands[:len(r.operands)-1] {
		parseInstancePath(r, from)
	}
}

func lxcExec(r *reading) {
	parseInstancePath(r, r.operands[0])
	copyThrough(r, r.operands[1:], true)
}

// lxcImageCopy is lxc image copy [remote:]image remote: .
func lxcImageCopy(r *reading) {
	ends := [2]bool{}
	for i, operand := range r.operands[:2] {
		if server, image, ok := strings.Cut(operand, ":"); ok && server != "local" {
			ends[i] = true
			r.remote(Remote{Host: server, Path: image})
			r.signal(Alias)
		}
	}
	r.Direction = directionBetween(ends[0], ends[1])
}

func lxcImageExport(r *reading) {
	if server, image, ok := strings.Cut(r.operands[0], ":"); ok && server != "local" {
		r.Direction = Download
		r.remote(Remote{Host: server, Path: image})
		r.signal(Alias)
	}
}

// lxcImageImport is lxc image import TARBALL|DIRECTORY|URL [ROOTFS] [remote:].
func lxcImageImport(r *reading) {
	for _, operand := range r.operands {
		if remote, ok := parseURL(operand); ok {
			r.Direction = Download
			r.remote(remote)
		} else if server, ok := strings.CutSuffix(operand, ":"); ok && server != "local" {
			r.Direction = Upload
			r.remote(Remote{Host: server})
			r.signal(Alias)
		} else if !strings.Contains(operand, "=") {
			r.addPath(operand)
		}
	}
}

// vagrant (vagrant upload --help; the scp plugin's README). A machine that is not named is "default".
var vagrant = &verb{
	options: "h,help!help color no-color machine-readable v,version debug timestamp debug-timestamp tty no-tty",
	verbs: map[string]*verb{
		"upload":           {direction: Upload, options: "t,temporary c,compress C,compression-type=", operands: "input [skip] [skip]", read: vagrantUpload},
		"scp":              {operands: "skip skip", read: func(r *reading) { copyBetween(r, r.operands[:2], parseVagrantPath) }},
		"rsync|rsync-auto": {direction: Upload, options: "rsync-chown poll no-poll", operands: "[skip...]", read: vagrantRsync},
		"ssh":              {options: "c,command=value p,plain t", operands: "[skip...]", read: vagrantSSH},
		"package":          {direction: Local, options: "base= output=output include= vagrantfile= info=", operands: "[skip]"},
		"share":            {direction: Bidirectional, options: "disable-http domain= http= https= ssh ssh-no-password ssh-port= ssh-once full", operands: "[skip]", read: tunnelThroughRelay},
		"push":             {direction: Upload, operands: "[alias]", read: fromDirectory},
		"cloud":            {verbs: map[string]*verb{"publish": {direction: Upload, options: "a,architecture= box-version= d,description= f,force p,private r,release s,short-description= url= version-description= C,checksum-type= c,checksum= default-architecture", operands: "skip skip skip [input]"}}},
	},
}

func vagrantUpload(r *reading) {
	remote := Remote{Host: "default"}
	if len(r.operands) > 2 {
		remote.Host = r.operands[2]
	}
	if len(r.operands) > 1 {
		remote.Path = r.operands[1]
	}
	r.remote(remote)
}

func parseVagrantPath(s string) (Remote, bool) {
	machine, path, ok := strings.Cut(s, ":")
	if machine == "" {
		machine = "default"
	}
	return Remote{Host: machine, Path: path}, ok
}

func vagrantRsync(r *reading) {
	for _, machine := range r.operands {
		r.remote(Remote{Host: machine})
	}
	if len(r.operands) == 0 {
		r.remote(Remote{Host: "default"})
	}
	fromDirectory(r)
}

func vagrantSSH(r *reading) {
	machine := "default"
	if len(r.operands) > 0 {
		machine = r.operands[0]
	}
	r.remote(Remote{Host: machine})
	copyThrough(r, []string{r.value}, true)
}

// fromDirectory: what is copied is that of the directory it was started in, where an option or operand names none.
func fromDirectory(r *reading) {
	dir := r.dir
	if dir == "" {
		dir = r.Directory
	}
	if len(r.LocalPaths) == 0 && dir != "" {
		r.addPath(dir)
	}
}

func tunnelThroughRelay(r *reading) {
	r.signal(Tunnel)
	r.signal(Relay)
}

// multipass (multipass help transfer, 1.14).
var multipass = &verb{
	options: "h,help!help v,verbose",
	verbs: map[string]*verb{
		"transfer|copy-files": {options: "r,recursive p,parents", operands: "skip skip...", read: func(r *reading) { copyBetween(r, r.operands, parseVMPath) }},
		"exec":                {options: "d,working-directory= n,no-map-working-directory", operands: "skip skip...", read: runInNamedWithStdin, strict: true},
		"mount":               {direction: Bidirectional, options: "g,gid-map= u,uid-map= t,type=", operands: "input skip...", read: multipassMount},
	},
}

// parseVMPath splits instance:path; a path with a slash before the colon is local.
func parseVMPath(s string) (Remote, bool) {
	machine, path, ok := strings.Cut(s, ":")
	if !ok || machine == "" || strings.ContainsAny(machine, "/.") {
		return Remote{}, false
	}
	return Remote{Host: machine, Path: path}, true
}

func multipassMount(r *reading) {
	for _, target := range r.operands[1:] {
		remote, ok := parseVMPath(target)
		if !ok {
			remote = Remote{Host: target}
		}
		r.remote(remote)
	}
}

// limactl of Lima (limactl copy --help, 1.0).
var limactl = &verb{
	options: "h,help!help debug log-format= log-level= tty= y,yes",
	verbs: map[string]*verb{
		"copy|cp": {options: "r,recursive v,verbose backend=", operands: "skip skip...", read: func(r *reading) { copyBetween(r, r.operands, parseVMPath) }},
		"shell":   {options: "shell= workdir= preserve-env start", operands: "skip skip...", read: runInNamedWithStdin, strict: true},
		"tunnel":  {direction: Bidirectional, options: "type= socks-port=", operands: "skip", read: func(r *reading) { r.signal(Tunnel); r.remote(Remote{Host: r.operands[0]}) }},
	},
}
