//go:build !linux

package deliveryguardextension

import "errors"

func freeSpace(string) (space, error) { return space{}, errors.ErrUnsupported }
