package ebpfexecreceiver

import (
	"path"
	"strings"

	"github.com/copywatch/copywatch/bpf"
	"github.com/copywatch/copywatch/internal/recognise"
)

// scriptRun returns the script that a program runs: the #! file that was
// executed, or what an interpreter is told to run; "" where there is none. One
// that cannot be resolved against the working directory is as it was given.
// The arguments are those of the line.
func (r *recorder) scriptRun(x *bpf.Exec, name string) string {
	if len(x.Interpreter) > 0 {
		return r.absolute(x, x.Filename)
	}
	if r.programs.Role(name) != recognise.Interpreter {
		return ""
	}
	r.argv = r.argv[:0]
	for i := range r.line.Len() {
		r.argv = append(r.argv, r.line.Text(i))
	}
	script := r.programs.ScriptOf(name, r.argv)
	directory := r.texts.get(x.WorkingDirectory)
	if script == "" || path.IsAbs(script) || !path.IsAbs(directory) {
		return strings.Clone(script) // not the whole line is kept for it
	}
	return path.Join(directory, script)
}
