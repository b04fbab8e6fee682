#ifndef ZENTOO_CGIT2START_H
#define ZENTOO_CGIT2START_H

// How often libgit2 wanted certificates that it did not get.
int zentoo_certificates_left_unread(void);

#endif
