package deliveryguardextension

// verdict is what an answer, or the lack of one, means for what was sent.
type verdict struct {
	class   class
	reason  reason
	problem string // what the destination does, for a sentence that begins with its address
	cure    string // what an operator can do
}

// class says what becomes of the data, and when somebody is told.
type class int

const (
	ignored  class = iota // says nothing about the destination
	accepted              // it has the data
	passing               // it will pass by itself: kept, told when it lasts
	mendable              // somebody has to do something: kept, told at once
	content               // it will never take this: not kept
)

// keeps says whether the data is to be sent again.
func (v verdict) keeps() bool { return v.class == passing || v.class == mendable }

// reason is what is wrong, in a word.
type reason string

const (
	reasonAddress     reason = "address"
	reasonBusy        reason = "busy"
	reasonCertificate reason = "certificate"
	reasonContent     reason = "content"
	reasonCredentials reason = "credentials"
	reasonDisk        reason = "disk"
	reasonIndex       reason = "index"
	reasonName        reason = "name"
	reasonQuota       reason = "quota"
	reasonRefused     reason = "refused"
	reasonReset       reason = "reset"
	reasonServer      reason = "server"
	reasonSize        reason = "size"
	reasonTimeout     reason = "timeout"
)

// The cures, in the words of a configuration.
const (
	cureCredentials = "check the token, key or password that the exporter sends, and its rights"
	cureIndex       = "check the index that the exporter names: it must exist, and the token must be allowed to write to it"
	cureAddress     = "check the exporter's endpoint: scheme, host, port and path"
	cureCertificate = "check the certificate that the destination shows and its date, the authority in tls::ca_file, and this host's clock"
	cureClient      = "check tls::cert_file and tls::key_file of the exporter"
	cureName        = "check the host name in the exporter's endpoint, and this host's resolver"
	cureRefused     = "check that the destination runs, and the port in the exporter's endpoint"
	cureWait        = "nothing to do here unless it lasts; then look at the destination's own log and load"
	cureNetwork     = "check the way to the destination: firewall, proxy, its load"
	cureQuota       = "check the licence or quota of the destination"
	cureContent     = "look at the destination's own log for the reason"
	cureSize        = "make sending_queue::batch::max_size of the exporter smaller, or the destination's limit larger"
)
