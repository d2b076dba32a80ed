"""Logs in object stores and on other machines: s3://, gs://, az://, https:// and sftp://, read range by range."""
