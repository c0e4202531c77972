package cicd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// EventFacts is what the file of an event says about a change. Fields that it does not say are empty.
type EventFacts struct {
	Number  string // of the pull request, in decimal
	Title   string
	State   string // open, wip, closed or merged
	HeadSHA string // the commit that someone wrote, where GITHUB_SHA is a merge of it
	HeadRef string // name of a branch
	BaseSHA string
	BaseRef string
	Fork    bool // the head is in another repository than the base
}

// MaxEventFile is the largest file in bytes that [ReadEventFile] reads. The
// payload of an event has at most 25 MB (docs.github.com, "Webhook events and
// payloads"); those of pull requests have some 30 kB.
const MaxEventFile = 1 << 20

// ReadEventFile reads the payload of a webhook of GitHub, or of Gitea in the
// same form: of pull_request and pull_request_target, of a comment on a pull
// request, of workflow_run. Of other events it says nothing. It is an error if
// the file is larger than [MaxEventFile], is no JSON, or has a value of another
// type than it should.
func ReadEventFile(r io.Reader) (EventFacts, error) {
	content, err := io.ReadAll(io.LimitReader(r, MaxEventFile+1))
	if err != nil {
		return EventFacts{}, fmt.Errorf("cicd: read event file: %w", err)
	}
	if len(content) > MaxEventFile {
		return EventFacts{}, fmt.Errorf("cicd: read event file: is larger than %d bytes", MaxEventFile)
	}
	var event eventForm
	if err := json.Unmarshal(content, &event); err != nil {
		return EventFacts{}, fmt.Errorf("cicd: read event file: %w", err)
	}
	facts, err := event.facts()
	if err != nil {
		return EventFacts{}, fmt.Errorf("cicd: read event file: %w", err)
	}
	return facts, nil
}

// The parts of a payload that are read (docs.github.com, "Webhook events and payloads").
type (
	eventForm struct {
		PullRequest *changeForm `json:"pull_request"`
		Issue       *struct {
			changeForm
			PullRequest *json.RawMessage `json:"pull_request"` // only where the issue is one
		} `json:"issue"`
		WorkflowRun *struct {
			HeadSHA        string    `json:"head_sha"`
			HeadBranch     *string   `json:"head_branch"`
			HeadRepository *repoForm `json:"head_repository"`
			Repository     *repoForm `json:"repository"`
		} `json:"workflow_run"`
	}
	changeForm struct {
		Number int64    `json:"number"`
		Title  string   `json:"title"`
		State  string   `json:"state"`
		Draft  bool     `json:"draft"`
		Merged *bool    `json:"merged"`
		Head   *refForm `json:"head"`
		Base   *refForm `json:"base"`
	}
	refForm struct {
		Ref  string    `json:"ref"`
		SHA  string    `json:"sha"`
		Repo *repoForm `json:"repo"` // null where the repository was removed
	}
	repoForm struct {
		ID int64 `json:"id"`
	}
)

func (e *eventForm) facts() (EventFacts, error) {
	var facts EventFacts
	switch {
	case e.PullRequest != nil:
		facts = e.PullRequest.facts()
	case e.Issue != nil && e.Issue.PullRequest != nil:
		facts = e.Issue.facts()
	case e.WorkflowRun != nil:
		run := e.WorkflowRun
		facts.HeadSHA = run.HeadSHA
		if run.HeadBranch != nil {
			facts.HeadRef = *run.HeadBranch
		}
		facts.Fork = differ(run.HeadRepository, run.Repository)
	}
	if !isRevision(facts.HeadSHA) || !isRevision(facts.BaseSHA) {
		return EventFacts{}, errors.New("a revision is not hexadecimal")
	}
	return facts, nil
}

func (c *changeForm) facts() EventFacts {
	facts := EventFacts{Title: c.Title, State: c.state()}
	if c.Number > 0 {
		facts.Number = strconv.FormatInt(c.Number, 10)
	}
	if c.Head != nil {
		facts.HeadSHA, facts.HeadRef = c.Head.SHA, c.Head.Ref
	}
	if c.Base != nil {
		facts.BaseSHA, facts.BaseRef = c.Base.SHA, c.Base.Ref
	}
	if c.Head != nil && c.Base != nil {
		facts.Fork = differ(c.Head.Repo, c.Base.Repo)
	}
	return facts
}

// state is that of the semantic conventions.
func (c *changeForm) state() string {
	switch {
	case c.Merged != nil && *c.Merged:
		return "merged"
	case c.State == "closed":
		return "closed"
	case c.State == "open" && c.Draft:
		return "wip"
	case c.State == "open":
		return "open"
	}
	return ""
}

// differ says whether the head is in another repository than the base. One
// that was removed since was a fork: the base's own is where the job runs.
// Whether the head's repository is itself a fork ("fork": true) says nothing:
// so it is for a branch within a fork.
func differ(head, base *repoForm) bool {
	return base != nil && (head == nil || head.ID != base.ID)
}

func isRevision(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}

// Attributes are the facts as attributes of the semantic conventions.
func (f *EventFacts) Attributes() []Attribute {
	var list []Attribute
	add := func(key, value string) {
		if value != "" && len(value) <= maxValue {
			list = append(list, Attribute{Key: key, Value: value})
		}
	}
	add(keyChangeID, f.Number)
	add(keyChangeTitle, f.Title)
	add(keyChangeState, f.State)
	add(keyHeadName, f.HeadRef)
	add(keyHeadRevision, f.HeadSHA)
	if f.HeadRef != "" {
		add(keyHeadType, "branch")
	}
	add(keyBaseName, f.BaseRef)
	add(keyBaseRevision, f.BaseSHA)
	if f.BaseRef != "" {
		add(keyBaseType, "branch")
	}
	return list
}
