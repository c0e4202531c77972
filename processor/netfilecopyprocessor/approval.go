package netfilecopyprocessor

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.uber.org/zap"

	"github.com/copywatch/copywatch/internal/schema"
)

// ApprovalConfig is a kind of copy that somebody allowed. It is still recorded,
// tagged with the approval and rated low.
type ApprovalConfig struct {
	// ID names it in records.
	ID string `mapstructure:"id"`
	// Reason and ApprovedBy say why it is allowed, and who did.
	Reason     string `mapstructure:"reason"`
	ApprovedBy string `mapstructure:"approved_by"`
	// Expires is when it ends to apply: a date (2027-01-31, its end in UTC) or a time (RFC 3339). Empty: never.
	Expires string `mapstructure:"expires"`
	// Condition is in OTTL, about the record as it is tagged.
	Condition string `mapstructure:"condition"`

	_ struct{}
}

func (a *ApprovalConfig) validate() error {
	var errs []error
	for field, value := range map[string]string{"id": a.ID, "reason": a.Reason, "approved_by": a.ApprovedBy, "condition": a.Condition} {
		if value == "" {
			errs = append(errs, fmt.Errorf("%s: is empty", field))
		}
	}
	if _, err := parseExpiry(a.Expires); err != nil {
		errs = append(errs, fmt.Errorf("expires: %w", err))
	}
	if a.Condition != "" {
		if _, err := parseCondition(a.Condition, component.TelemetrySettings{Logger: zap.NewNop()}); err != nil {
			errs = append(errs, fmt.Errorf("condition: %w", err))
		}
	}
	return errors.Join(errs...)
}

// parseExpiry returns the first moment at which an approval does not apply any more, or the zero time for never.
func parseExpiry(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.AddDate(0, 0, 1), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fmt.Errorf("%q is neither a date (2027-01-31) nor a time (2027-01-31T12:00:00Z)", text)
	}
	return at, nil
}

// approval is one that is ready for use.
type approval struct {
	*ApprovalConfig
	ends      time.Time
	condition *condition
	warned    atomic.Bool // that it has expired
}

// approvals are all, in the order of the configuration: the first that applies counts.
type approvals struct {
	list   []*approval
	logger *zap.Logger
}

func newApprovals(configs []ApprovalConfig, set component.TelemetrySettings) (*approvals, error) {
	all := &approvals{logger: set.Logger}
	for i := range configs {
		c := &configs[i]
		ends, err := parseExpiry(c.Expires)
		if err != nil {
			return nil, fmt.Errorf("approvals: %s: %w", c.ID, err)
		}
		compiled, err := parseCondition(c.Condition, set)
		if err != nil {
			return nil, fmt.Errorf("approvals: %s: condition: %w", c.ID, err)
		}
		a := &approval{ApprovalConfig: c, ends: ends, condition: compiled}
		all.list = append(all.list, a)
		all.isOver(a, time.Now())
	}
	return all, nil
}

// isOver says whether an approval has expired, and the first time warns of it.
func (all *approvals) isOver(a *approval, now time.Time) bool {
	if a.ends.IsZero() || now.Before(a.ends) {
		return false
	}
	if a.warned.CompareAndSwap(false, true) {
		all.logger.Warn("An approval has expired and applies no more",
			zap.String("id", a.ID), zap.String("approved_by", a.ApprovedBy), zap.String("expires", a.Expires))
	}
	return true
}

// find returns the first approval that applies to a tagged record.
func (all *approvals) find(ctx context.Context, p *place, now time.Time) *approval {
	for _, a := range all.list {
		if all.isOver(a, now) {
			continue
		}
		applies, err := p.holds(ctx, a.condition)
		if err != nil {
			all.logger.Debug("The condition of an approval could not be evaluated", zap.String("id", a.ID), zap.Error(err))
		}
		if applies {
			return a
		}
	}
	return nil
}

func (a *approval) tag(attrs pcommon.Map) {
	attrs.PutStr(schema.ApprovalID, a.ID)
	attrs.PutStr(schema.ApprovalReason, a.Reason)
	if a.Expires != "" {
		attrs.PutStr(schema.ApprovalExpires, a.Expires)
	}
}
