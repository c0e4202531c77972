package netfilecopyprocessor

import (
	"slices"
	"strings"

	"github.com/copywatch/copywatch/internal/assessment"
	"github.com/copywatch/copywatch/internal/catalogue"
	"github.com/copywatch/copywatch/internal/destination"
	"github.com/copywatch/copywatch/internal/grammar"
	"github.com/copywatch/copywatch/internal/recognise"
)

// verdict is what is concluded about one execution of a copy tool.
type verdict struct {
	match
	score      int // 0 to 100
	band       *assessment.Band
	reasons    []string
	evasions   []string // values of filecopy.evasions
	confidence grammar.Confidence
	class      destination.Class // of the worst remote end
	remote     int               // index of that end, -1 where there is none
	sensitive  []string          // local paths that are in a sensitive class
	threat     *catalogue.Threat
	transferOf string // entity of the copy tool that this is a part of
}

// setting is what is known of where the process runs, beside the record itself.
type setting struct {
	container   string // id, empty on the host
	environment string // deployment.environment.name
	ci          *ciContext
}

// assess rates a match. Every term that moves the score is a reason.
func (p *filecopyProcessor) assess(m *match, e *execution, s *setting) verdict {
	v := verdict{match: *m, remote: -1, confidence: m.transfer.Confidence}
	sum := p.scores.Start()
	sum.Add(p.scores.Direction(string(m.transfer.Direction)), "")
	p.rateDestination(&v, &sum)
	p.rateContent(&v, &sum, e)
	rateEvasions(&v, &sum, e)
	p.rateLineage(&sum, e)
	rateSurroundings(&v, &sum, e, s)
	v.transferOf = p.transfers.partOf(&v, e)
	if v.transferOf != "" {
		sum.Add(assessment.ParentTransfer, "")
	}
	v.rateConfidence(&sum)
	v.score, v.band, v.reasons = sum.Result()
	v.threat = v.Tool.Threat(m.transfer.Direction, m.transfer.Channel)
	return v
}

// leaves says whether data of this host goes elsewhere.
func leaves(d grammar.Direction) bool {
	switch d {
	case grammar.Upload, grammar.Bidirectional, grammar.Listen, grammar.ServeOut, grammar.Unknown, grammar.Interactive:
		return true
	default:
		return false
	}
}

// severity orders the classes of destinations, the worst last.
var severity = []destination.Class{
	destination.Unknown, destination.Loopback, destination.Private, destination.Alias, destination.Public,
	destination.CodeRepository, destination.CloudStorage, destination.FileShare, destination.Webhook, destination.Paste,
}

// rateDestination goes by the worst of the remote ends, all of which it looks
// at: a few hundred harmless ones hide none.
func (p *filecopyProcessor) rateDestination(v *verdict, sum *assessment.Sum) {
	rank := -1
	for i := range v.transfer.Remotes {
		r := &v.transfer.Remotes[i]
		class := p.destinations.Of(r.Scheme, r.Host, r.Path)
		if at := slices.Index(severity, class); at > rank {
			rank, v.class, v.remote = at, class, i
		}
	}
	if v.remote < 0 {
		return
	}
	host := v.transfer.Remotes[v.remote].Host
	if v.class == destination.Alias && v.transfer.Remotes[v.remote].Scheme == "" {
		v.transfer.Signals = appendSignal(v.transfer.Signals, grammar.Alias)
	}
	sum.Add(p.scores.Destination(string(v.class)), host)
	facts := p.destinations.Facts(host)
	facts.RawIP = facts.RawIP && v.class == destination.Public
	for _, name := range facts.Names() {
		sum.Add(name, "")
	}
}

func appendSignal(list []grammar.Signal, s grammar.Signal) []grammar.Signal {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// rateContent looks at what is copied, and how.
func (p *filecopyProcessor) rateContent(v *verdict, sum *assessment.Sum, e *execution) {
	if leaves(v.transfer.Direction) {
		for _, path := range v.transfer.LocalPaths {
			if class, ok := p.sensitive.Of(e.directory, path); ok {
				if len(v.sensitive) < pathsMost {
					v.sensitive = append(v.sensitive, path)
				}
				sum.Add(assessment.SensitivePath, class.ID)
			}
		}
	}
	for _, signal := range v.transfer.Signals {
		switch signal {
		case grammar.OpaqueConfig:
			sum.Add(assessment.OpaqueConfig, first(v.transfer.Opaque))
		case grammar.Alias: // the class of the destination says it
		default:
			sum.Add(string(signal), "")
		}
	}
	if v.transfer.Channel == grammar.Clear && v.class != destination.Loopback {
		sum.Add(assessment.Cleartext, v.transfer.Protocol)
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// Evasions that the record's attributes show.
const (
	evasionMemfd   = "memfd"
	evasionDeleted = "deleted"
	evasionDropped = "dropped_binary"
)

// rateEvasions collects the signs of hiding.
func rateEvasions(v *verdict, sum *assessment.Sum, e *execution) {
	v.evasions = append(v.evasions, v.Evasions...)
	for _, sign := range []struct {
		shown bool
		name  string
	}{
		{e.memfd, evasionMemfd}, {e.deleted, evasionDeleted}, {e.upperLayer, evasionDropped},
	} {
		if sign.shown {
			v.evasions = append(v.evasions, sign.name)
		}
	}
	for _, name := range v.evasions {
		if name != recognise.Symlinked { // usual: how it is called is in the record
			sum.Add(assessment.Evasion, name)
		}
	}
	for _, signal := range v.transfer.Signals {
		switch signal {
		case grammar.OptionAbbreviated, grammar.OpaqueConfig, grammar.RedirectedHost, grammar.AlternateTransport:
			v.evasions = append(v.evasions, string(signal))
		}
	}
	for _, name := range []string{"LD_PRELOAD", "LD_AUDIT"} {
		if e.env(name) != "" {
			sum.Add(assessment.PreloadedLibrary, name)
		}
	}
	if e.truncated {
		sum.Add(assessment.ArgumentsTruncated, "")
	}
}

// systemPaths are where only who administers the host puts programs.
var systemPaths = []string{"/usr/", "/bin/", "/sbin/", "/opt/", "/snap/", "/lib/"}

// rateLineage goes by the programs above. What raises counts wherever it
// stands; what lowers only for the parent itself, and only where that is a
// program of the system: anyone can name a script after a monitoring tool.
func (p *filecopyProcessor) rateLineage(sum *assessment.Sum, e *execution) {
	for i, name := range e.ancestors {
		if reason := p.recogniser.AncestorReason(name); reason != "" {
			sum.Add(reason, "")
		}
		code, ok := p.scores.Lineage(name)
		if !ok {
			continue
		}
		term, _ := p.scores.Term(code)
		if term.Points >= 0 || i == 0 && isSystemPath(e.parentPath) {
			sum.Add(code, name)
		}
	}
}

func isSystemPath(path string) bool {
	return slices.ContainsFunc(systemPaths, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

// rateSurroundings goes by who runs it, and where.
func rateSurroundings(v *verdict, sum *assessment.Sum, e *execution, s *setting) {
	if s.container != "" && !e.interactive {
		sum.Add(assessment.ContainerNotInteractive, "")
	}
	if e.userID == 0 {
		sum.Add(assessment.PrivilegedUser, e.user)
	}
	if isServiceAccount(e.user) {
		sum.Add(assessment.ServiceAccount, e.user)
	}
	if v.transfer.Direction == grammar.ServeIn || v.transfer.Direction == grammar.ServeOut || v.Tool.Name == "sftp-server" {
		if parent := baseName(e.parentPath); strings.HasPrefix(parent, "sshd") && isSystemPath(e.parentPath) {
			sum.Add(assessment.SSHDSession, "")
		}
	}
	if s.ci != nil {
		s.ci.rate(sum)
	}
}

// serviceAccounts are users of services that distributions make, and that no person is.
var serviceAccounts = []string{
	"www-data", "apache", "nginx", "httpd", "nobody", "mysql", "postgres", "mongodb", "redis", "tomcat", "daemon", "www", "http", "git", "wwwrun", "lighttpd",
}

func isServiceAccount(user string) bool { return slices.Contains(serviceAccounts, user) }

// rateConfidence says how sure it is that this is that tool, and that it does that.
func (v *verdict) rateConfidence(sum *assessment.Sum) {
	switch {
	case v.Match == recognise.Arguments:
		v.confidence = grammar.Low
	case v.confidence == "" && v.transfer.Direction == grammar.Unknown:
		v.confidence = grammar.Medium
	case v.confidence == "":
		v.confidence = grammar.High
	}
	if v.Ambiguous {
		sum.Add(assessment.AmbiguousName, v.Name)
		v.confidence = grammar.Low
	}
}

// isImportance says that a band has the name.
func isImportance(name string) bool {
	return slices.Contains([]string{"low", "medium", "high", "critical"}, name)
}
