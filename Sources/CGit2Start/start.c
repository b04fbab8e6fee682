// libgit2, where it is made with mbed TLS, parses every certificate of the
// system when it is started: ten milliseconds, more than most of our commands
// take besides. It has no option against that, but it asks for them by these two
// functions, and the definitions of a program go before those of a library
// (ld.so(8)). Told that there are none it goes on, trusting nobody: what we
// fetch and push goes through git(1), never through libgit2.

#include "start.h"

static int left_unread;

int zentoo_certificates_left_unread(void) { return left_unread; }

// As <mbedtls/x509_crt.h> declares them; -1 is none of its own error numbers.
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_path(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    (void)chain;
    (void)path;
    left_unread += 1;
    return -1;
}

int mbedtls_x509_crt_parse_path(void *chain, const char *path) {
    return mbedtls_x509_crt_parse_file(chain, path);
}
