package recognise

// IsWrapper says that the program does something and then execs the command in
// its arguments, as sudo does: a second exec shows the tool.
func (r *Recogniser) IsWrapper(name string) bool { return r.wrappers[name] }

// AncestorReason returns what it means for a copy that an ancestor has this
// name, as a value of filecopy.reasons: via_sshpass, via_proxy, via_expect; or "".
func (r *Recogniser) AncestorReason(name string) string { return r.reasons[name] }
