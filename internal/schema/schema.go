// Package schema declares the names of Copywatch's log records, each once.
//
// Names follow the OpenTelemetry semantic conventions where they have one,
// else the Elastic Common Schema, else the project's own filecopy. namespace.
// An attribute whose value is unknown is absent. docs/schema.md describes them
// for users.
package schema

// Event names, and the value of [EventAction] that goes with each for exporters that lose the name.
const (
	EventExec      = "process.exec"
	EventExit      = "process.exit"
	EventExecError = "process.exec_error"
	EventLoss      = "sensor.loss"
	EventCopy      = "net_filecopy_tool_exec"

	ActionExec      = "exec"
	ActionExit      = "exit"
	ActionExecError = "exec_error"
	ActionLoss      = "loss"
	ActionCopy      = "net_filecopy_tool_exec"
)

// EventAction repeats the event's name in the short form of ECS.
const EventAction = "event.action"

// Resource attributes.
const (
	HostName         = "host.name"
	HostID           = "host.id"
	OSType           = "os.type"
	OSVersion        = "os.version"
	OSBuildID        = "os.build_id"
	ContainerID      = "container.id"
	ContainerRuntime = "container.runtime.name"
	K8sPodUID        = "k8s.pod.uid"
)

// Attributes of process.exec and process.exit.
const (
	ExecutableName          = "process.executable.name"
	ExecutablePath          = "process.executable.path"
	ExecutableRequestedPath = "process.executable.requested_path"
	ExecutableDeleted       = "process.executable.deleted"
	ExecutableMemfd         = "process.executable.memfd"
	ExecutableUpperLayer    = "process.executable.upper_layer"
	ExecutableWritable      = "process.executable.writable"
	ExecutableInode         = "process.executable.inode"
	ExecutableDevice        = "process.executable.device"
	ExecutableBuildIDGNU    = "process.executable.build_id.gnu"
	ExecutableBuildIDGo     = "process.executable.build_id.go"
	ExecutableOriginalName  = "process.executable.original_name"

	PID               = "process.pid"
	ParentPID         = "process.parent_pid"
	VPID              = "process.vpid"
	GroupLeaderPID    = "process.group_leader.pid"
	SessionLeaderPID  = "process.session_leader.pid"
	EntityID          = "process.entity_id"
	ParentEntityID    = "process.parent.entity_id"
	CreationTime      = "process.creation.time"
	Title             = "process.title"
	Command           = "process.command"
	CommandArgs       = "process.command_args"
	CommandLine       = "process.command_line"
	ArgsCount         = "process.args_count"
	ArgsTruncated     = "process.args_truncated"
	ArgsSize          = "process.args_size"
	RedactedCount     = "process.redacted_count"
	ScriptPath        = "process.script.path"
	WorkingDirectory  = "process.working_directory"
	UserID            = "process.user.id"
	UserName          = "process.user.name"
	RealUserID        = "process.real_user.id"
	RealUserName      = "process.real_user.name"
	SavedUserID       = "process.saved_user.id"
	SavedUserName     = "process.saved_user.name"
	GroupID           = "process.group.id"
	RealGroupID       = "process.real_group.id"
	SavedGroupID      = "process.saved_group.id"
	LoginUserID       = "process.login_user.id"
	LoginUserName     = "process.login_user.name"
	AuditSessionID    = "process.audit_session_id"
	Interactive       = "process.interactive"
	TTY               = "process.tty"
	StdinType         = "process.stdin.type"
	StdinPath         = "process.stdin.path"
	StdoutType        = "process.stdout.type"
	StdoutPath        = "process.stdout.path"
	ParentExecutable  = "process.parent.executable.path"
	ParentName        = "process.parent.executable.name"
	ParentCommandLine = "process.parent.command_line"
	ParentProcessPID  = "process.parent.pid"
	AncestorNames     = "process.ancestors.executable.name"
	AncestorScript    = "process.ancestors.script.path"
	AncestorPIDs      = "process.ancestors.pid"
	LinuxCgroup       = "process.linux.cgroup"
	EnvironmentPrefix = "process.environment_variable."
	ExitCode          = "process.exit.code"
	ExitSignal        = "process.exit.signal"
	ExitTime          = "process.exit.time"
	Duration          = "process.duration"
)

// ErrorType is what process.exec_error adds to the attributes of process.exec.
const ErrorType = "error.type"

// Attributes of sensor.loss, and the values of [LostReason].
const (
	LostEvents = "sensor.lost_events"
	LostReason = "sensor.lost_reason"
	LostSince  = "sensor.lost_since"

	ReasonRingBufferFull  = "ring_buffer_full"
	ReasonRecursion       = "recursion"
	ReasonNoScratch       = "no_scratch"
	ReasonUndecodable     = "undecodable"
	ReasonConsumerRefused = "consumer_refused"
	ReasonInterrupted     = "interrupted"
)

// Attributes that net_filecopy_tool_exec adds.
const (
	RuleName        = "security_rule.name"
	RuleUUID        = "security_rule.uuid"
	RuleVersion     = "security_rule.version"
	RuleCategory    = "security_rule.category"
	RuleDescription = "security_rule.description"
	RuleReference   = "security_rule.reference"
	RulesetName     = "security_rule.ruleset.name"

	ThreatFramework             = "threat.framework"
	ThreatFrameworkVersion      = "threat.framework.version"
	ThreatTacticID              = "threat.tactic.id"
	ThreatTacticName            = "threat.tactic.name"
	ThreatTacticReference       = "threat.tactic.reference"
	ThreatTechniqueID           = "threat.technique.id"
	ThreatTechniqueName         = "threat.technique.name"
	ThreatTechniqueReference    = "threat.technique.reference"
	ThreatSubtechniqueID        = "threat.technique.subtechnique.id"
	ThreatSubtechniqueName      = "threat.technique.subtechnique.name"
	ThreatSubtechniqueReference = "threat.technique.subtechnique.reference"

	RecipeTechnique = "filecopy.recipe.technique"
	Importance      = "filecopy.importance"
	RiskScore       = "filecopy.risk_score"
	Reasons         = "filecopy.reasons"
	Tool            = "filecopy.tool"
	Family          = "filecopy.family"
	Match           = "filecopy.match"
	Direction       = "filecopy.direction"
	Confidence      = "filecopy.confidence"
	Evasions        = "filecopy.evasions"

	LocalPaths       = "filecopy.local_paths"
	RemotePaths      = "filecopy.remote_paths"
	RemoteUser       = "filecopy.remote_user"
	Remotes          = "filecopy.remotes"
	DestinationClass = "filecopy.destination_class"
	SensitivePaths   = "filecopy.sensitive_paths"
	Repeat           = "filecopy.repeat"
	ParentTransfer   = "filecopy.parent_transfer"
	ApprovalID       = "filecopy.approval.id"
	ApprovalReason   = "filecopy.approval.reason"
	ApprovalExpires  = "filecopy.approval.expires"

	Implications       = "filecopy.implications"
	RecommendedActions = "filecopy.recommended_actions"

	NetworkProtocolName = "network.protocol.name"
	ServerAddress       = "server.address"
	ServerPort          = "server.port"
	URLFull             = "url.full"
)

// DeploymentEnvironment is an attribute of the resource, and of the records that a processor knows it for.
const DeploymentEnvironment = "deployment.environment.name"
