package redact

import (
	"bytes"
	"regexp"
	"strings"
)

// tool says in which of a program's options secrets stand, where the name of the option alone does not.
type tool struct {
	// options whose value is a secret in the given way, as it is written: -u, --user.
	options map[string]way
	// bundled are the program's single-letter options that take a value, where letters may be
	// written together: -sSuana:secret. Empty where a letter stands alone.
	bundled string
	// gluedOnly: a value apart from its option is not one (mysql -p DATABASE).
	gluedOnly bool
	// needs is a word, nearly always a sub-command, without which the rules do not apply.
	needs string
	// operands masks what is no option.
	operands func(args [][]byte) int
}

// way is which part of an option's value is secret.
type way byte

const (
	whole        way = 0
	afterColon   way = ':' // user:password
	afterPercent way = '%' // user%password
	afterComma   way = ',' // user,password
	afterEquals  way = '=' // name=value, of a cookie
)

func (w way) mask(arg *[]byte, from int) int {
	if w == whole {
		return maskFrom(arg, from)
	}
	return maskAfter(arg, from, byte(w))
}

// tools by base name. Sources are the programs' manual pages.
var tools = map[string]*tool{
	"curl": {
		bundled: "AbcCdDeEFhHKmoPQrtTuUwxXyYz",
		options: map[string]way{
			"-u": afterColon, "--user": afterColon, "-U": afterColon, "--proxy-user": afterColon,
			"-b": afterEquals, "--cookie": afterEquals, "-E": afterColon, "--cert": afterColon, "--proxy-cert": afterColon,
			"--oauth2-bearer": whole, "--pass": whole, "--proxy-pass": whole,
		},
	},
	"pscp":  {options: map[string]way{"-pw": whole}},
	"psftp": {options: map[string]way{"-pw": whole}},
	"plink": {options: map[string]way{"-pw": whole}},

	"http":  {operands: httpAuth},
	"https": {operands: httpAuth},
	"xh":    {operands: httpAuth, options: map[string]way{"--bearer": whole}},
	"xhs":   {operands: httpAuth, options: map[string]way{"--bearer": whole}},

	"netexec":      {options: map[string]way{"-p": whole, "-H": whole}},
	"nxc":          {options: map[string]way{"-p": whole, "-H": whole}},
	"crackmapexec": {options: map[string]way{"-p": whole, "-H": whole}},
	"evil-winrm":   {options: map[string]way{"-p": whole, "-H": whole}},
	"smbmap":       {options: map[string]way{"-p": whole}},
	"net":          {options: map[string]way{"-U": afterPercent, "--user": afterPercent}},
	"rdesktop":     {options: map[string]way{"-p": whole}},
	"xfreerdp":     {operands: freerdpPassword},
	"xfreerdp3":    {operands: freerdpPassword},

	"mount":      {operands: mountOptions},
	"mount.cifs": {operands: mountOptions},
	"mount.smb3": {operands: mountOptions},
	"curlftpfs":  {operands: curlftpfsUser},
	"ncat":       {options: map[string]way{"--proxy-auth": afterColon}},
	"socat":      {operands: socatProxy},

	"swaks":     {options: map[string]way{"-ap": whole}},
	"sendemail": {options: map[string]way{"-xp": whole}},
	"sendEmail": {options: map[string]way{"-xp": whole}},

	"megaput":       {options: map[string]way{"-p": whole}},
	"megaget":       {options: map[string]way{"-p": whole}},
	"megacopy":      {options: map[string]way{"-p": whole}},
	"megals":        {options: map[string]way{"-p": whole}},
	"megatools":     {options: map[string]way{"-p": whole}},
	"mega-login":    {operands: megaLogin},
	"mosquitto_pub": {options: map[string]way{"-P": whole}},
	"mosquitto_sub": {options: map[string]way{"-P": whole}},
	"mongodump":     {options: map[string]way{"-p": whole}},
	"mongoexport":   {options: map[string]way{"-p": whole}},
	"mongorestore":  {options: map[string]way{"-p": whole}},
	"mongoimport":   {options: map[string]way{"-p": whole}},
	"mongosh":       {options: map[string]way{"-p": whole}},
	"sqlcmd":        {options: map[string]way{"-P": whole}},
	"bcp":           {options: map[string]way{"-P": whole}},
	"ipmitool":      {options: map[string]way{"-P": whole}},
	"snowsql":       {options: map[string]way{"-m": whole, "--mfa-passcode": whole}},

	"twine":   {options: map[string]way{"-p": whole}},
	"poetry":  {needs: "publish", options: map[string]way{"-p": whole}},
	"uv":      {needs: "publish", options: map[string]way{"-p": whole, "-t": whole}},
	"vsce":    {options: map[string]way{"-p": whole, "--pat": whole}},
	"ovsx":    {options: map[string]way{"-p": whole, "--pat": whole}},
	"dotnet":  {needs: "nuget", options: map[string]way{"-k": whole, "-sk": whole}},
	"npm":     {options: map[string]way{"--otp": whole}},
	"gem":     {options: map[string]way{"--otp": whole}},
	"vercel":  {options: map[string]way{"-t": whole}},
	"netlify": {options: map[string]way{"-a": whole, "--auth": whole}},
	"conan":   {needs: "login", options: map[string]way{"-p": whole}},
	"cf":      {operands: cfLogin},
	"aws":     {operands: awsConfigure},

	"lftp":       {options: map[string]way{"-u": afterComma}, operands: lftpScripts},
	"sshpass":    {options: map[string]way{"-p": whole}},
	"ncftp":      {options: map[string]way{"-p": whole}},
	"ncftpget":   {options: map[string]way{"-p": whole}},
	"ncftpput":   {options: map[string]way{"-p": whole}},
	"ncftpls":    {options: map[string]way{"-p": whole}},
	"ftpget":     {options: map[string]way{"-p": whole}},
	"ftpput":     {options: map[string]way{"-p": whole}},
	"smbclient":  {options: map[string]way{"-U": afterPercent, "--user": afterPercent}, operands: smbclientPassword},
	"smbget":     {options: map[string]way{"-U": afterPercent, "--user": afterPercent}},
	"rpcclient":  {options: map[string]way{"-U": afterPercent, "--user": afterPercent}},
	"mysql":      {options: map[string]way{"-p": whole}, gluedOnly: true},
	"mysqldump":  {options: map[string]way{"-p": whole}, gluedOnly: true},
	"mariadb":    {options: map[string]way{"-p": whole}, gluedOnly: true},
	"redis-cli":  {options: map[string]way{"-a": whole, "--pass": whole}},
	"rclone":     {operands: rcloneRemotes},
	"croc":       {options: map[string]way{"--code": whole, "-c": whole}, operands: codePhrases},
	"wormhole":   {operands: codePhrases},
	"mc":         {operands: mcAlias},
	"mcli":       {operands: mcAlias},
	"zip":        {options: map[string]way{"-P": whole}},
	"unzip":      {options: map[string]way{"-P": whole}},
	"7z":         {options: map[string]way{"-p": whole}, gluedOnly: true},
	"7za":        {options: map[string]way{"-p": whole}, gluedOnly: true},
	"htpasswd":   {operands: htpasswdBatch},
	"docker":     {needs: "login", options: map[string]way{"-p": whole}},
	"podman":     {needs: "login", options: map[string]way{"-p": whole}},
	"nerdctl":    {needs: "login", options: map[string]way{"-p": whole}},
	"helm":       {needs: "login", options: map[string]way{"-p": whole}},
	"oras":       {needs: "login", options: map[string]way{"-p": whole}},
	"skopeo":     {needs: "login", options: map[string]way{"-p": whole}},
	"az":         {needs: "login", options: map[string]way{"-p": whole}},
	"openssl":    {options: map[string]way{"-k": whole, "-K": whole}, operands: opensslPass},
	"ldapsearch": {options: map[string]way{"-w": whole}},
	"ldapmodify": {options: map[string]way{"-w": whole}},
	"ldapadd":    {options: map[string]way{"-w": whole}},
}

// wrappers run the program that follows them and their own options.
var wrappers = map[string]bool{
	"sudo": true, "doas": true, "env": true, "nice": true, "ionice": true, "nohup": true, "timeout": true, "time": true,
	"setsid": true, "stdbuf": true, "xargs": true, "strace": true, "ltrace": true, "sshpass": true, "busybox": true,
	"toybox": true, "node": true, "npx": true, "bunx": true, "pipx": true, "uvx": true, "ruby": true, "proxychains": true, "proxychains4": true, "torsocks": true, "unshare": true, "chroot": true,
}

// findTool returns the rules for a command and where its own arguments begin.
// A wrapper's are those of the program that it runs; sshpass has some itself.
func findTool(name string, args [][]byte) (t *tool, at int) {
	first := ""
	if len(args) > 0 {
		first = base(args[0])
	}
	if !isWrapper(name) && !isWrapper(first) || name == "sshpass" || first == "sshpass" {
		if t = toolOf(name); t == nil {
			t = toolOf(first)
		}
		return t, min(1, len(args))
	}
	const looked = 16 // arguments in which the wrapped program's name must come
	for i := 1; i < min(looked, len(args)); i++ {
		if t = toolOf(base(args[i])); t != nil {
			return t, i + 1
		}
	}
	return nil, 0
}

func isWrapper(name string) bool { return wrappers[name] || strings.HasPrefix(name, "python") }

func toolOf(name string) *tool {
	if t := tools[name]; t != nil || !strings.HasPrefix(name, "impacket-") && !strings.HasSuffix(name, ".py") {
		return t
	}
	return impacket
}

func base(arg []byte) string { return string(arg[bytes.LastIndexByte(arg, '/')+1:]) }

// apply masks within the program's own arguments.
func (t *tool) apply(args [][]byte) (count int) {
	if t.needs != "" && !contains(args, t.needs) {
		return 0
	}
	if t.operands != nil {
		count += t.operands(args)
	}
	for i := 0; i < len(args); i++ {
		arg := args[i]
		switch {
		case len(arg) < 2 || arg[0] != '-':
		case arg[1] == '-' || len(arg) == 2 || t.has(arg):
			count += t.long(args, &i)
		case t.bundled != "":
			count += t.bundle(args, &i)
		default:
			if w, ok := t.options[string(arg[:2])]; ok {
				count += w.mask(&args[i], 2)
			}
		}
	}
	return count
}

// has: a name of several letters behind one dash.
func (t *tool) has(arg []byte) bool {
	_, ok := t.options[string(arg)]
	return ok
}

func contains(args [][]byte, word string) bool {
	for _, arg := range args {
		if string(arg) == word {
			return true
		}
	}
	return false
}

// long handles an option that is an argument by itself: its value follows a = or is the next argument.
func (t *tool) long(args [][]byte, i *int) int {
	name, _, hasValue := bytes.Cut(args[*i], []byte("="))
	w, ok := t.options[string(name)]
	switch {
	case !ok:
		if t.bundled != "" && len(args[*i]) == 2 && bytes.IndexByte([]byte(t.bundled), args[*i][1]) >= 0 {
			*i++ // its value is not an option
		}
		return 0
	case hasValue:
		return w.mask(&args[*i], len(name)+1)
	case t.gluedOnly || *i+1 >= len(args):
		return 0
	default:
		*i++
		return w.mask(&args[*i], 0)
	}
}

// bundle handles letters that are written together, of which the first that takes a value ends them.
func (t *tool) bundle(args [][]byte, i *int) int {
	arg := args[*i]
	for n := 1; n < len(arg); n++ {
		if bytes.IndexByte([]byte(t.bundled), arg[n]) < 0 {
			continue
		}
		w, secret := t.options["-"+string(arg[n])]
		if n+1 < len(arg) {
			if secret {
				return w.mask(&args[*i], n+1)
			}
			return 0
		}
		*i++
		if secret && *i < len(args) {
			return w.mask(&args[*i], 0)
		}
		return 0
	}
	return 0
}

// maskGroup masks the first group of a pattern in every argument.
func maskGroup(args [][]byte, pattern *regexp.Regexp) (count int) {
	r := textRule{pattern: pattern, secret: 1}
	for i := range args {
		var n int
		args[i], n = r.apply(args[i])
		count += n
	}
	return count
}

var lftpUser = regexp.MustCompile(`\s-u\s*[^\s,'"]+,([^\s'"]+)`)
var lftpLogin = regexp.MustCompile(`(?:^|[;&\s])user\s+[^\s;]+\s+([^\s;'"]+)`)

// lftpScripts masks in the commands of -e and -c: open -u user,password host; user name password.
func lftpScripts(args [][]byte) int { return maskGroup(args, lftpUser) + maskGroup(args, lftpLogin) }

var rcloneSecret = regexp.MustCompile(`(?i)[,:](?:[a-z0-9_]*(?:pass|secret_access_key|client_secret|key|token))=("[^"]*"|[^,:]+)`)

// rcloneRemotes masks in connection strings: :s3,secret_access_key=…:bucket, and
// after the options of back ends whose names end so: --b2-key.
func rcloneRemotes(args [][]byte) int {
	return maskGroup(args, rcloneSecret) + maskNext(args, rcloneOption)
}

var rcloneOption = regexp.MustCompile(`^--[a-z0-9]+-(?:[a-z0-9-]+-)?(?:pass2?|key|secret|key-pem|sas-url)$`)

var opensslPhrase = regexp.MustCompile(`^pass:(.+)$`)

// opensslPass masks the one kind of -pass, -passin and -passout that holds the password itself (openssl-passphrase-options(1)).
func opensslPass(args [][]byte) int { return maskGroup(args, opensslPhrase) }

var codePhrase = regexp.MustCompile(`^(\d+(?:-[a-z]+){2,})$`)

// codePhrases masks what whoever knows it can take the files with: 7-guitarist-revenge.
func codePhrases(args [][]byte) int { return maskGroup(args, codePhrase) }

// mcAlias masks the two keys of mc alias set NAME URL ACCESSKEY SECRETKEY.
func mcAlias(args [][]byte) (count int) {
	for i := 0; i+1 < len(args); i++ {
		if string(args[i]) == "alias" && (string(args[i+1]) == "set" || string(args[i+1]) == "s") && i+5 < len(args) {
			return maskWhole(&args[i+4]) + maskWhole(&args[i+5])
		}
	}
	return 0
}

// htpasswdBatch masks the last operand of htpasswd -b FILE USER PASSWORD.
func htpasswdBatch(args [][]byte) int {
	if len(args) < 3 || !bytes.HasPrefix(args[0], []byte("-")) || bytes.IndexByte(args[0], 'b') < 0 {
		return 0
	}
	return maskWhole(&args[len(args)-1])
}

// impacket is the scripts of Impacket, whose target is [domain/]user:password@host.
var impacket = &tool{options: map[string]way{"-hashes": whole, "-aesKey": whole}, operands: func(args [][]byte) int { return maskGroup(args, impacketTarget) }}

var impacketTarget = regexp.MustCompile(`^(?:[^/:@\s]*/)?[^/:@\s]+:(.+)@[^@]*$`)

// maskNext masks the argument after each that a pattern matches.
func maskNext(args [][]byte, pattern *regexp.Regexp) (count int) {
	for i := 0; i+1 < len(args); i++ {
		if pattern.Match(args[i]) {
			i++
			count += maskWhole(&args[i])
		}
	}
	return count
}

var httpAuthOption = regexp.MustCompile(`^(?:-a|--auth)$`)

// httpAuth masks in -a user:password of HTTPie and xh, and -a token with -A bearer.
func httpAuth(args [][]byte) (count int) {
	if contains(args, "bearer") || contains(args, "--auth-type=bearer") {
		return maskNext(args, httpAuthOption) + maskGroup(args, httpAuthToken)
	}
	for i := range args {
		switch {
		case i > 0 && httpAuthOption.Match(args[i-1]):
			count += maskAfter(&args[i], 0, ':')
		case bytes.HasPrefix(args[i], []byte("--auth=")):
			count += maskAfter(&args[i], len("--auth="), ':')
		}
	}
	return count
}

var httpAuthToken = regexp.MustCompile(`^--auth=(.+)$`)

var freerdp = regexp.MustCompile(`^/(?:p|pth|gp):(.+)$`)

func freerdpPassword(args [][]byte) int { return maskGroup(args, freerdp) }

var mountSecret = regexp.MustCompile(`(?:^|,)(?:user(?:name)?=[^,%]*%|pass=)([^,]+)`)

// mountOptions masks in the options of mount.cifs(8): user=name%password, pass=.
func mountOptions(args [][]byte) int { return maskGroup(args, mountSecret) }

var curlftpfsSecret = regexp.MustCompile(`(?:(?:^|,)user=[^,:]*|^[^/:@,=]+):([^,@]+)`)

// curlftpfsUser masks in -o user=name:password, and in name:password@host.
func curlftpfsUser(args [][]byte) (count int) {
	for i := range args {
		if bytes.Contains(args[i], []byte("user=")) || bytes.IndexByte(args[i], '@') > 0 {
			count += maskGroup(args[i:i+1], curlftpfsSecret)
		}
	}
	return count
}

var socatSecret = regexp.MustCompile(`(?i)proxyauth=[^,:]*:([^,]+)`)

// socatProxy masks in PROXY:…,proxyauth=name:password.
func socatProxy(args [][]byte) int { return maskGroup(args, socatSecret) }

// megaLogin masks what follows the account.
func megaLogin(args [][]byte) int {
	if len(args) < 2 || bytes.HasPrefix(args[0], []byte("-")) {
		return 0
	}
	return maskWhole(&args[1])
}

// cfLogin masks in cf login -p PASSWORD and cf auth USER PASSWORD; cf push -p is a path.
func cfLogin(args [][]byte) int {
	for i, arg := range args {
		switch string(arg) {
		case "auth":
			if i+2 < len(args) {
				return maskWhole(&args[i+2])
			}
		case "login", "l":
			return maskNext(args[i:], cfPassword)
		case "push", "p":
			return 0
		}
	}
	return 0
}

var cfPassword = regexp.MustCompile(`^-p$`)

var awsSecret = regexp.MustCompile(`(?:secret_access_key|session_token)$`)

// awsConfigure masks in aws configure set aws_secret_access_key VALUE.
func awsConfigure(args [][]byte) int {
	if !contains(args, "configure") {
		return 0
	}
	return maskNext(args, awsSecret)
}

// smbclientPassword masks what follows the service: smbclient //host/share PASSWORD.
func smbclientPassword(args [][]byte) int {
	for i := 0; i+1 < len(args); i++ {
		if bytes.HasPrefix(args[i], []byte("//")) || bytes.HasPrefix(args[i], []byte(`\\`)) {
			if next := args[i+1]; len(next) > 0 && next[0] != '-' {
				return maskWhole(&args[i+1])
			}
			return 0
		}
	}
	return 0
}
