package deliveryguardextension

import "golang.org/x/sys/unix"

func freeSpace(path string) (space, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return space{}, err
	}
	return space{
		bytes:    s.Bavail * uint64(s.Bsize),
		noFiles:  s.Files > 0 && s.Ffree == 0, // some file systems do not count them
		readOnly: s.Flags&unix.ST_RDONLY != 0,
	}, nil
}
