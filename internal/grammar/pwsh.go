package grammar

import (
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

// pwsh is PowerShell (about_Pwsh, 7.4): the commands in -Command, which may be
// cut and is the default of Windows only, and in -EncodedCommand.
func pwsh(c *Command) Transfer {
	for i := 0; i < len(c.Args); i++ {
		name := strings.ToLower(strings.TrimLeft(c.Args[i], "-"))
		switch {
		case name == c.Args[i] || name == "": // an operand: a script
			return Transfer{}
		case isCut(name, "command", 1):
			return pwshScript(c, strings.Join(c.Args[i+1:], " "))
		case isCut(name, "encodedcommand", 1) && name != "ex" || name == "ec":
			if i+1 < len(c.Args) {
				return pwshScript(c, decodeUTF16(c.Args[i+1]))
			}
		case isCut(name, "file", 1):
			return Transfer{}
		case isCut(name, "executionpolicy", 2) || name == "ep", isCut(name, "workingdirectory", 2) || name == "wd", isCut(name, "outputformat", 1),
			isCut(name, "inputformat", 2), isCut(name, "windowstyle", 1), isCut(name, "configurationname", 2), isCut(name, "configurationfile", 14),
			isCut(name, "settingsfile", 8), isCut(name, "custompipename", 2), isCut(name, "version", 1):
			i++
		}
	}
	return Transfer{}
}

func isCut(name, full string, least int) bool {
	return len(name) >= least && strings.HasPrefix(full, name)
}

func decodeUTF16(s string) string {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return ""
	}
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = uint16(raw[2*i]) | uint16(raw[2*i+1])<<8
	}
	return string(utf16.Decode(units))
}

// pwshScript reads the web cmdlets (Invoke-WebRequest, Invoke-RestMethod and
// their aliases) and the calls of .NET's WebClient.
func pwshScript(c *Command, script string) Transfer {
	lower := strings.ToLower(script)
	t := readCode(c, lower, pwshCalls, nil)
	if t.Direction == NoCopy {
		return pwshRequest(c, script, lower)
	}
	if len(lower) != len(script) {
		return t
	}
	// Names were compared without regard to case, and are wanted as they are.
	exact := codeReader{Command: c}
	exact.takeURLs(script)
	if len(exact.Remotes) > 0 {
		t.Remotes = exact.Remotes
	}
	for i, p := range t.LocalPaths {
		if at := strings.Index(lower, p); at >= 0 {
			t.LocalPaths[i] = script[at : at+len(p)]
		}
	}
	return t
}

var pwshCalls = []knownCall{
	{name: ".downloadfile", deed: downloads, file: 2}, {name: ".downloadstring", deed: fetches}, {name: ".downloaddata", deed: fetches},
	{name: ".uploadfile", deed: uploads}, {name: ".uploaddata", deed: sends}, {name: ".uploadstring", deed: sends}, {name: "tcpclient", deed: connects, host: 1},
	{name: "readallbytes", deed: reads, file: 1}, {name: "readalltext", deed: reads, file: 1}, {name: "writeallbytes", deed: writes, file: 1},
	{name: "httplistener", deed: listens}, {name: "tcplistener", deed: listens}, {name: "iex", near: "tcpclient", deed: startsShell},
}

// pwshRequest looks for a web cmdlet and its parameters, which may be cut.
func pwshRequest(c *Command, script, lower string) Transfer {
	t := Transfer{}
	requests, method, body := false, "", false
	parameter := ""
	for cmd := range shellCommands(script) {
		for _, word := range cmd.words {
			name := strings.ToLower(word)
			switch {
			case isWebCmdlet(name):
				requests = true
				continue
			case strings.HasPrefix(name, "-"):
				name, value, colon := strings.Cut(name[1:], ":") // -Parameter:value
				parameter = name
				body = body || isCut(name, "body", 2) || isCut(name, "form", 2)
				if !colon {
					continue
				}
				word = value
			}
			switch {
			case isCut(parameter, "infile", 2):
				t.Direction = Upload
				t.addPath(word)
			case isCut(parameter, "outfile", 4):
				t.addPath(word)
			case isCut(parameter, "method", 2):
				method = strings.ToLower(word)
			case isCut(parameter, "proxy", 4):
				t.signal(ViaProxy)
			}
			parameter = ""
		}
	}
	if !requests {
		return Transfer{}
	}
	r := codeReader{Command: c}
	r.takeURLs(script)
	t.Remotes = r.Remotes
	if strings.Contains(lower, "-skipcertificatecheck") {
		t.signal(Unverified)
	}
	switch {
	case t.Direction == Upload:
	case body && (method == "post" || method == "put" || method == "patch"):
		t.Direction = Upload
		if !strings.Contains(lower, "get-content") && !strings.Contains(lower, "get-item") && !strings.Contains(lower, "readall") {
			t.signal(InlineData)
		}
	default:
		t.Direction = Download
	}
	t.Confidence = Medium
	if len(t.Remotes) > 0 {
		t.Protocol, t.Channel = protocolOfScheme(t.Remotes[0].Scheme)
	}
	return t
}

func isWebCmdlet(word string) bool {
	switch strings.Trim(word, "&({") {
	case "invoke-webrequest", "invoke-restmethod", "iwr", "irm":
		return true
	}
	return false
}
