"""The lives of workers: from which pid to when, born how, ended how."""
