package catalogue

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/strict"
)

func load(t *testing.T) *Catalogue {
	t.Helper()
	c, err := Load()
	require.NoError(t, err)
	return c
}

func TestLookup(t *testing.T) {
	c := load(t)
	tests := []struct {
		name, tool, family, protocol, upload string
		ambiguous                            bool
	}{
		{name: "scp", tool: "scp", family: "ssh-copy", protocol: "ssh", upload: "T1048.002"},
		{name: "hpnscp", tool: "scp", family: "ssh-copy", protocol: "ssh", upload: "T1048.002"},
		{name: "sftp", tool: "sftp", family: "ssh-copy", protocol: "ssh", upload: "T1048.002"},
		{name: "rsync", tool: "rsync", family: "ssh-copy", upload: "T1048.002"},
		{name: "rsync-ssl", tool: "rsync-ssl", family: "ssh-copy", protocol: "rsync", upload: "T1048.002"},
		{name: "pftp", tool: "ftp", family: "ftp", protocol: "ftp", upload: "T1048.003"},
		{name: "ftp-ssl", tool: "ftp-ssl", family: "ftp", protocol: "ftp", upload: "T1048.002"},
		{name: "lftp", tool: "lftp", family: "ftp", upload: "T1048.003"},
		{name: "tftp-hpa", tool: "tftp", family: "tftp", protocol: "tftp", upload: "T1048.003"},
		{name: "s3cmd", tool: "s3cmd", family: "cloud", protocol: "http", upload: "T1567.002"},
		{name: "rclone", tool: "rclone", family: "cloud", upload: "T1567.002"},
		{name: "mc", tool: "mc", family: "cloud", protocol: "http", upload: "T1567.002", ambiguous: true},
		{name: "mcli", tool: "mc", family: "cloud", protocol: "http", upload: "T1567.002"},
		{name: "upx", tool: "upx", family: "cloud", protocol: "http", upload: "T1567.002", ambiguous: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tool, ok := c.Lookup(tt.name)
			require.True(t, ok)
			assert.Equal(t, tt.tool, tool.Name)
			assert.Equal(t, tt.family, tool.Family.ID)
			assert.Equal(t, tt.protocol, tool.Protocol)
			assert.Equal(t, tt.upload, tool.Upload.Subtechniques[0].ID)
			_, ambiguous := tool.Ambiguous[tt.name]
			assert.Equal(t, tt.ambiguous, ambiguous)
		})
	}
}

func TestLookupIsExact(t *testing.T) {
	c := load(t)
	for _, name := range []string{"", "scp2", "sc", "SCP", "/usr/bin/scp", "scp ", "ls"} {
		tool, ok := c.Lookup(name)
		assert.False(t, ok, "%q", name)
		assert.Nil(t, tool, "%q", name)
	}
}

// What users may count on being there, by family.
func TestEveryNameIsThere(t *testing.T) {
	c := load(t)
	for family, names := range map[string]string{
		"ssh-copy":      "scp scp-openssh hpnscp gsiscp dbscp sftp hpnsftp gsisftp rsync rsync-ssl sshfs pscp psftp",
		"parallel-ssh":  "pdcp rpdcp dcp pscp.pssh parallel-scp prsync parallel-rsync pslurp parallel-slurp parsync parsyncfp fpsync mscp mrsync clush orgalorg",
		"remote-shell":  "ssh dbclient plink hpnssh gsissh rsh rcp rlogin rexec tsh mosh et tar",
		"ssh-server":    "sftp-server rssh scponly",
		"backup":        "unison lsyncd csync2 syncthing rslsync duplicity duplicacy duply rdiff-backup restic rustic borg borgmatic kopia bup burp rsnapshot zbackup btrbk syncoid",
		"terminal":      "rz sz rb sb rx sx lrz lsz lrb lsb lrx lsx zssh kermit ckermit gkermit trz tsz tssh",
		"http-client":   "curl wcurl curlie wget wget2 uclient-fetch fetch aria2c axel http https httpie xh xhs hurl saldl puf snarf prozilla lwp-request lwp-download lwp-mirror lynx links elinks w3m nscurl youtube-dl yt-dlp",
		"carrier":       "ab hey finger whois lp lpr cancel",
		"webdav":        "cadaver mount.davfs curlftpfs sitecopy weex dave",
		"ftp":           "ftp tnftp netkit-ftp inetutils-ftp pftp ftp-ssl lftp lftpget ncftp ncftpget ncftpput ncftpls ncftpbatch ncftpspooler yafc gftp gftp-gtk gftp-text ftpget ftpput ftpcopy ftpsync zftp uftp",
		"tftp":          "tftp tftp-hpa atftp",
		"file-server":   "vsftpd proftpd pure-ftpd in.ftpd ftpd in.tftpd tftpd atftpd rsyncd pyftpdlib uploadserver wsgidav nginx caddy http-server serve darkhttpd webfsd thttpd twistd",
		"socket":        "nc nc.openbsd nc.traditional netcat ncat cryptcat sbd dbd pnetcat gnetcat socat socat1 socat2 rcat rustcat pwncat pwncat-cs telnet tcpclient tcpserver faucet hose websocat wscat mbuffer udp-sender udp-receiver iperf3 nuttcp",
		"tls-pipe":      "openssl gnutls-cli gnutls-serv ssl_client stunnel stunnel4 gs-netcat blitz gs-sftp gsocket",
		"file-share":    "croc wormhole wormhole-rs wormhole-william magic-wormhole sendme portal ffsend transfer.sh qrcp updog woof droopy miniserve dufs onionshare-cli pcp zget zput localsend_app kdeconnect-cli warp-send toffee",
		"peer-to-peer":  "transmission-cli transmission-remote transmission-daemon rtorrent deluge-console ctorrent webtorrent qbittorrent-nox ipfs ipget iroh",
		"cloud":         "rclone aws s3cmd s4cmd s5cmd mc mcli gsutil gcloud az azcopy oci ossutil ossutil64 coscli coscmd obsutil b2 swift openstack uplink wrangler qshell upx bos ibmcloud",
		"cloud-mount":   "s3fs goofys mount-s3 gcsfuse blobfuse blobfuse2 ossfs",
		"cloud-drive":   "mega-put mega-get mega-cmd mega-exec megaput megaget megacopy megadl megasync dropbox dbxcli dropbox_uploader.sh gdrive drive skicka onedrive onedriver nextcloudcmd owncloudcmd seaf-cli pcloudcc insync internxt filen",
		"network-share": "smbclient smbget smbmap impacket-smbclient smbclient.py impacket-smbserver smbserver.py nxc netexec crackmapexec mount.cifs mount.nfs nfs-cp nfs-cat evil-winrm",
		"wan-transfer":  "ascp ascp4 ascli bbcp bbftp fdt globus-url-copy uberftp gfal-copy tsunami udr xrdcp iput iget irsync",
		"container":     "kubectl oc docker podman nerdctl ctr skopeo crane oras regctl buildah helm incus lxc vagrant multipass limactl adb tailscale",
		"publish":       "git git-lfs git-annex hg svn gh glab npm yarn pnpm twine gem cargo jf jfrog huggingface-cli hf dvc",
		"message":       "mail mailx s-nail mutt sendmail msmtp ssmtp swaks pastebinit wgetpaste nopaste gist slackcat telegram-send telegram-upload",
		"dns-tunnel":    "iodine iodined dnscat dnscat2 dns2tcp dns2tcpc dns2tcpd dnsteal dnstt-client dnstt-server heyoka tuns slipstream-client sods",
		"icmp-tunnel":   "ptunnel ptunnel-ng icmptunnel icmpsh hans icmpdoor pingtunnel hping3",
		"tunnel":        "chisel gost frpc frps ngrok cloudflared bore sshuttle ligolo-agent ligolo-proxy revsocks rathole inlets zrok pagekite lt wstunnel ssf ew npc devtunnel code tor",
		"interpreter":   "python python3 perl ruby php node lua julia jrunscript jjs pwsh bash zsh sh gawk awk",
		"bluetooth":     "obexftp ussp-push bluetooth-sendto bt-obex obexctl gammu gnokii",
		"dns-lookup":    "dig drill nslookup host kdig dog",
	} {
		for name := range strings.FieldsSeq(names) {
			tool, ok := c.Lookup(name)
			if assert.True(t, ok, "%s: %s", family, name) {
				assert.Equal(t, family, tool.Family.ID, name)
			}
		}
	}
	for _, family := range c.Families {
		isOf := func(tool *Tool) bool { return tool.Family == family }
		assert.Equal(t, family.ID != otherFamily, slices.ContainsFunc(c.Tools, isOf), "family %s has tools", family.ID)
	}
}

func TestDownloadHasItsOwnTechniques(t *testing.T) {
	ftp, ok := load(t).Lookup("ftp")
	require.True(t, ok)
	commandAndControl := Reference{ID: "TA0011", Name: "Command and Control", URL: "https://attack.mitre.org/tactics/TA0011/"}
	assert.Equal(t, Threat{
		Tactics: []Reference{commandAndControl},
		Techniques: []Reference{
			{ID: "T1105", Name: "Ingress Tool Transfer", URL: "https://attack.mitre.org/techniques/T1105/"},
			{ID: "T1071", Name: "Application Layer Protocol", URL: "https://attack.mitre.org/techniques/T1071/"},
		},
		Subtechniques: []Reference{
			{ID: "T1071.002", Name: "File Transfer Protocols", URL: "https://attack.mitre.org/techniques/T1071/002/"},
		},
	}, ftp.Download)
}

func TestLookupDoesNotAllocate(t *testing.T) {
	c := load(t)
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		c.Lookup("scp")
		c.Lookup("ls")
	}))
}

// Every grammar is there for a tool.
func TestEveryGrammarIsUsed(t *testing.T) {
	var form toolsForm
	require.NoError(t, strict.Decode(toolsYAML, &form))
	unused := grammar.Names()
	for _, tool := range form.Tools {
		unused = slices.DeleteFunc(unused, func(name string) bool { return name == tool.Grammar })
	}
	assert.Empty(t, unused)
}

func TestTiers(t *testing.T) {
	c := load(t)
	for name, tier := range map[string]Tier{"scp": Dedicated, "curl": General, "bash": General, "croc": Dedicated, "smbmap": General, "aws": General, "dig": General} {
		tool, ok := c.Lookup(name)
		require.True(t, ok, name)
		assert.Equal(t, tier, tool.Tier, name)
	}
}

func TestTransfer(t *testing.T) {
	c := load(t)
	tests := []struct {
		name  string
		args  []string
		known DirectionSource
		want  grammar.Direction
	}{
		{"croc", []string{"send", "f"}, ByArguments, grammar.Upload},
		{"dig", []string{"example.com"}, ByArguments, grammar.NoCopy},
		{"insync", nil, ByName, grammar.Bidirectional},
		{"insync", []string{"--help"}, ByName, grammar.Informative},
		{"zftp", nil, NotKnown, grammar.Unknown},
	}
	for _, tt := range tests {
		tool, ok := c.Lookup(tt.name)
		require.True(t, ok, tt.name)
		assert.Equal(t, tt.known, tool.Known, tt.name)
		assert.Equal(t, tt.want, tool.Transfer(&grammar.Command{Args: tt.args}).Direction, "%s %q", tt.name, tt.args)
	}
}

// A grammar is told the canonical name, under whatever name the tool ran.
func TestTransferNamesTheTool(t *testing.T) {
	tool := &Tool{Name: "pscp.pssh", grammar: func(c *grammar.Command) grammar.Transfer {
		return grammar.Transfer{LocalPaths: []string{c.Tool}}
	}}
	assert.Equal(t, []string{"pscp.pssh"}, tool.Transfer(&grammar.Command{Tool: "x"}).LocalPaths)
	assert.Equal(t, grammar.Transfer{}, (&Tool{Tier: General}).Transfer(&grammar.Command{}), "a general tool without a grammar shows no copy")
}

func TestThreatOfACopy(t *testing.T) {
	c := load(t)
	tests := []struct {
		name      string
		direction grammar.Direction
		channel   grammar.Channel
		want      []string
	}{
		{"ftp", grammar.Upload, "", []string{"T1048.003"}},
		{"ftp", grammar.Upload, grammar.Clear, []string{"T1048.003"}},
		{"ftp", grammar.Upload, grammar.Encrypted, []string{"T1048.002"}},
		{"ftp", grammar.Unknown, grammar.Encrypted, []string{"T1048.002"}},
		{"ftp", grammar.ServeOut, "", []string{"T1048.003"}},
		{"ftp", grammar.Download, grammar.Encrypted, []string{"T1071.002"}},
		{"ftp", grammar.ServeIn, "", []string{"T1071.002"}},
		{"ftp", grammar.Bidirectional, "", []string{"T1048.003", "T1071.002"}},
		{"ftp", grammar.Listen, "", []string{"T1048.003"}},
		{"curl", grammar.Upload, grammar.Clear, []string{"T1048.003"}},
		{"curl", grammar.Upload, "", nil}, // T1048, which of its sub-techniques is not known
		{"rclone", grammar.Upload, "", []string{"T1567.002"}},
		{"rclone", grammar.RemoteToRemote, "", nil}, // T1537
		{"scp", grammar.RemoteToRemote, "", []string{"T1048.002"}},
		{"iodine", grammar.Bidirectional, grammar.Clear, []string{"T1048.003", "T1071.004"}},
		{"obexftp", grammar.Upload, "", []string{"T1011.001"}},
	}
	for _, tt := range tests {
		tool, ok := c.Lookup(tt.name)
		require.True(t, ok, tt.name)
		assert.Equal(t, tt.want, ids(tool.Threat(tt.direction, tt.channel).Subtechniques), "%s %s %s", tt.name, tt.direction, tt.channel)
	}
	rclone, _ := c.Lookup("rclone")
	assert.Equal(t, "T1537", rclone.Threat(grammar.RemoteToRemote, "").Techniques[0].ID)
}

// Of a name that is another program's too, and of a tool that does other
// things too, what any command line may have shows no copy.
func TestAmbiguousNamesNeedEvidence(t *testing.T) {
	for _, tool := range load(t).Tools {
		if len(tool.Ambiguous) == 0 && tool.Tier == Dedicated {
			continue
		}
		if tool.Name == "vercel" { // sends the directory where it is told nothing, or a path
			continue
		}
		commands := [][]string{nil, {"-v"}, {"--verbose"}, {"x"}, {"x", "y"}}
		if tool.Family.ID == "http-client" || tool.Name == "ssl_client" {
			commands = commands[:3] // to them any word is a URL or a host
		}
		for _, args := range commands {
			switch got := tool.Transfer(&grammar.Command{Args: args}).Direction; got {
			case grammar.Upload, grammar.RemoteToRemote, grammar.Bidirectional, grammar.Listen, grammar.Download:
				t.Errorf("%s %q: is taken for a copy: %s", tool.Name, args, got)
			}
		}
	}
}
