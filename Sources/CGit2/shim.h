#ifndef ZENTOO_CGIT2_SHIM_H
#define ZENTOO_CGIT2_SHIM_H

#include <git2.h>
// git_error_clear, which git2/errors.h declares until libgit2 1.7.
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>
#endif
// git_commit_create_from_ids: a commit from ids alone, without loading its parents.
#include <git2/sys/commit.h>
// git_mempack_new: an object database in memory.
#include <git2/sys/mempack.h>
// git_odb_add_backend: that one before the repository's own.
#include <git2/odb_backend.h>
#include <git2/sys/odb_backend.h>
// git_repository_set_odb: the quarantine of a pre-receive hook as object database.
#include <git2/sys/repository.h>

// git_libgit2_opts is variadic, which Swift cannot call: one wrapper an option.
static inline int zentoo_git_set_owner_validation(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

static inline int zentoo_git_set_tree_cache_limit(size_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, bytes);
}

static inline int zentoo_git_set_hash_verification(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

// syncfs(2): glibc declares it for _GNU_SOURCE alone, which Swift does not define.
int syncfs(int descriptor);

#endif
