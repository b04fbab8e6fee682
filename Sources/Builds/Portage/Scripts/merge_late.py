"""What Portage does after each package and is done here when somebody needs it:
/etc/profile.env and ld.so.cache, the search for preserved libraries that nobody
uses any more, and the writing to disk."""

import os

from portage.dbapi import vartree
from portage.dbapi._SyncfsProcess import SyncfsProcess
from portage.util import env_update

ENVIRONMENT_FILES = "/etc/env.d/"


class LateWork:
    """Collects it for a run."""

    def __init__(self, scheduler):
        self._scheduler = scheduler
        self._contents = {}
        self._mtimes = None
        self._vardb = None
        self._devices = {}
        self._update = env_update.env_update
        self._prune = vartree.dblink._prune_plib_registry

    def env_update(self, makelinks=1, target_root=None, prev_mtimes=None, contents=None, env=None,
                   writemsg_level=None, vardbapi=None):
        """In the place of Portage's function of that name."""
        self.add(contents, prev_mtimes, vardbapi, env)

    def add(self, contents, mtimes, vardb, settings):
        """Takes notice of what was written or removed; does the work at once when
        that are variables, which the next package's settings are made of."""
        self._contents.update(contents)
        self._mtimes = mtimes
        self._vardb = vardb
        if any(path.startswith(ENVIRONMENT_FILES) for path in contents):
            self.flush(settings)

    def flush(self, settings):
        """Has env_update() do its work for all packages since it last did."""
        if self._contents:
            contents, self._contents = self._contents, {}
            self._update(target_root=settings["ROOT"], prev_mtimes=self._mtimes,
                         contents=contents, env=settings, vardbapi=self._vardb)

    @property
    def prune_registry(self):
        """In the place of dblink._prune_plib_registry()."""
        prune = self._prune

        def prune_where_needed(link, unmerge=False, **arguments):
            registry = link.vartree.dbapi._plib_registry
            if unmerge or registry is None:
                return prune(link, unmerge=unmerge, **arguments)
            registry.load()
            if registry.hasEntries():
                return prune(link, **arguments)
            # Without libraries that were preserved the map of all libraries is made
            # for nothing.
            return registry.store()

        return prune_where_needed

    @property
    def remember_devices(self):
        """In the place of dblink._post_merge_sync()."""
        devices = self._devices

        def remember(link):
            if "merge-sync" in link.settings.features:
                devices.update(
                    (device, path) for device, path in link._device_path_map.items() if path)

        return remember

    def wrote(self, settings):
        """Takes notice that something was written below /."""
        if "merge-sync" in settings.features:
            self._devices.setdefault(os.lstat("/").st_dev, "/")

    def sync(self):
        """Writes the root's file systems to disk, once."""
        if self._devices:
            process = SyncfsProcess(
                paths=tuple(self._devices.values()), scheduler=self._scheduler._sched_iface)
            process.start()
            if process.wait() != os.EX_OK:
                os.sync()
