public import Exec
public import Files
public import Git
public import Zentoo

extension FileError: Explained {}
extension GitError: Explained {}
extension RepositoryError: Explained {}
extension StageError: Explained {}
extension ZentooError: Explained {}
