package recognise

// AncestorReason returns what it means for a copy that an ancestor has this
// name, as a value of filecopy.reasons: via_sshpass, via_proxy, via_expect; or "".
func (r *Recogniser) AncestorReason(name string) string { return r.reasons[name] }
