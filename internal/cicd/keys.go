package cicd

import "slices"

// The attributes, all of the semantic conventions 1.44 (model/cicd, model/vcs).
const (
	keyPipelineName   = "cicd.pipeline.name"
	keyPipelineRunID  = "cicd.pipeline.run.id"
	keyPipelineRunURL = "cicd.pipeline.run.url.full"
	keyTaskName       = "cicd.pipeline.task.name"
	keyTaskType       = "cicd.pipeline.task.type"
	keyTaskRunID      = "cicd.pipeline.task.run.id"
	keyTaskRunURL     = "cicd.pipeline.task.run.url.full"
	keyWorkerID       = "cicd.worker.id"
	keyWorkerName     = "cicd.worker.name"
	keyWorkerURL      = "cicd.worker.url.full"
	keyProvider       = "vcs.provider.name"
	keyOwner          = "vcs.owner.name"
	keyRepository     = "vcs.repository.name"
	keyRepositoryURL  = "vcs.repository.url.full"
	keyChangeID       = "vcs.change.id"
	keyChangeTitle    = "vcs.change.title"
	keyChangeState    = "vcs.change.state"
	keyHeadName       = "vcs.ref.head.name"
	keyHeadType       = "vcs.ref.head.type"
	keyHeadRevision   = "vcs.ref.head.revision"
	keyBaseName       = "vcs.ref.base.name"
	keyBaseType       = "vcs.ref.base.type"
	keyBaseRevision   = "vcs.ref.base.revision"
)

// keys are those that ci.yaml may use, in the order in which they are given.
// cicd.pipeline.action.name (BUILD, RUN, SYNC) is none of them: no CI system
// has a variable for it.
var keys = []string{
	keyPipelineName, keyPipelineRunID, keyPipelineRunURL,
	keyTaskName, keyTaskType, keyTaskRunID, keyTaskRunURL,
	keyWorkerID, keyWorkerName, keyWorkerURL,
	keyProvider, keyOwner, keyRepository, keyRepositoryURL,
	keyChangeID, keyChangeTitle, keyChangeState,
	keyHeadName, keyHeadType, keyHeadRevision,
	keyBaseName, keyBaseType, keyBaseRevision,
}

var (
	refTypes     = []string{"branch", "tag"}
	changeStates = []string{"open", "wip", "closed", "merged"}
	taskTypes    = []string{"build", "test", "deploy"}
)

// enumerations are the values of those attributes that have a fixed set of them.
var enumerations = map[string][]string{
	keyTaskType:    taskTypes,
	keyChangeState: changeStates,
	keyHeadType:    refTypes,
	keyBaseType:    refTypes,
}

// permits says whether an attribute may have the value.
func permits(key, value string) bool {
	allowed, enumerated := enumerations[key]
	return !enumerated || slices.Contains(allowed, value)
}
