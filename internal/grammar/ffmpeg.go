package grammar

import "strings"

// ffmpegSwitches are the options that take no value (ffmpeg -h full, 5.1); all
// others do. Each may have "no" before it.
var ffmpegSwitches = wordSet(`report y n ignore_unknown stats hide_banner copy_unknown recast_media benchmark benchmark_all stdin dump hex copyts start_at_zero xerror
	auto_conversion_filters debug_ts psnr vstats qphist re accurate_seek shortest bitexact copyinkf find_stream_info autorotate autoscale display_hflip display_vflip
	an vn sn dn fix_sub_duration print_graphs`)

// ffmpegInforms are those that print something and end.
var ffmpegInforms = wordSet(`h help ? -help version buildconf formats muxers demuxers devices codecs decoders encoders bsfs protocols filters pix_fmts layouts
	sample_fmts dispositions colors sources sinks hwaccels L license`)

func wordSet(text string) map[string]bool {
	set := make(map[string]bool)
	for word := range strings.FieldsSeq(text) {
		set[word] = true
	}
	return set
}

// readFfmpeg reads ffmpeg [option]... {[option]... -i INPUT}... {[option]... OUTPUT}...
// Whatever file it is given, -f data and -c copy pass it on as it is.
func readFfmpeg(c *Command) (t Transfer) {
	var from, to mediaEnds
	for i := 0; i < len(c.Args); i++ {
		name, isOption := strings.CutPrefix(c.Args[i], "-")
		name, _, _ = strings.Cut(name, ":") // of a stream: -c:v
		switch {
		case !isOption || name == "":
			to.add(c, &t, c.Args[i], t.addOutput)
		case ffmpegInforms[name]:
			return Transfer{Direction: Informative}
		case ffmpegSwitches[name], ffmpegSwitches[strings.TrimPrefix(name, "no")]:
		case i+1 == len(c.Args):
			return Transfer{}
		default:
			i++
			switch name {
			case "i":
				from.add(c, &t, c.Args[i], t.addInput)
			case "f":
				to.format = c.Args[i]
			case "listen":
				to.listens = to.listens || c.Args[i] != "0"
			case "attach":
				t.addInput(c, c.Args[i])
			case "dump_attachment":
				t.addOutput(c, c.Args[i])
			}
		}
	}
	switch {
	case to.count == 0 || from.count == 0:
		return Transfer{}
	case to.listens && to.remote:
		t.Direction = Listen
	case from.remote && to.remote:
		t.Direction = RemoteToRemote
	case to.remote:
		t.Direction = Upload
	case from.remote:
		t.Direction = Download
	default:
		return Transfer{Direction: Local, LocalPaths: t.LocalPaths}
	}
	return t
}

// showMedia says what a URL shows of who could read along.
func showMedia(t *Transfer, r *Remote) {
	switch r.Scheme {
	case "tcp", "udp", "udplite", "sctp", "rtp", "rtsp", "rtmp", "rtmpt", "mmsh", "mmst", "icecast", "gopher":
		t.Channel = Clear
	case "tls", "rtmps", "rtmpts", "gophers":
		if t.Channel == "" {
			t.Channel = Encrypted
		}
	default:
		showProtocol(t, r)
	}
}

// mediaEnds are the inputs or the outputs of a command line.
type mediaEnds struct {
	count           int
	remote, listens bool
	format          string // of the next
}

// add takes a URL as libavformat has it: a protocol may stand before another
// (cache:http://h/x, concat:a|b), and the tee muxer takes several.
func (m *mediaEnds) add(c *Command, t *Transfer, url string, local func(*Command, string)) {
	m.count++
	urls := []string{url}
	if list, ok := strings.CutPrefix(url, "concat:"); ok || m.format == "tee" {
		urls = strings.Split(list, "|")
	}
	m.format = ""
	for _, url := range urls {
		if strings.HasPrefix(url, "[") { // options of one of the tee muxer's
			_, url, _ = strings.Cut(url, "]")
		}
		for _, prefix := range []string{"cache:", "async:", "crypto:", "crypto+", "hls+"} {
			url = strings.TrimPrefix(url, prefix)
		}
		r, ok := parseURL(url)
		switch {
		case ok && r.Scheme == "file":
			local(c, r.Path)
		case ok && r.Scheme != "unix" && r.Scheme != "pipe" && r.Scheme != "fd":
			m.remote = true
			if listensAsMedia(&r) {
				m.listens = true
			} else {
				t.addRemote(r)
			}
			showMedia(t, &r)
		case strings.HasPrefix(url, "pipe:"):
			local(c, "-")
		default:
			local(c, strings.TrimPrefix(url, "file:"))
		}
	}
}

// listensAsMedia: tcp://0.0.0.0:9?listen and srt://:9?mode=listener wait for who wants it.
func listensAsMedia(r *Remote) bool {
	_, query, _ := strings.Cut(r.Path, "?")
	for field := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(field, "=")
		if name == "listen" && value != "0" || name == "mode" && value == "listener" {
			return true
		}
	}
	return false
}
