"""A bundle: a folder of wheels that installs without network, and all that speaks for it.

| file | what it is |
|---|---|
| ``wheels/`` | the wheels: lockwright's own, and what they depend on |
| ``requirements.txt`` | each by version and hash, and the options that keep pip from the network |
| ``bundle.json`` | what it was made of, and for which Python and systems (:mod:`.manifest`) |
| ``sbom.cdx.json`` | its parts as CycloneDX |
| ``sboms/`` | what wheels bring of that kind themselves (PEP 770): what was compiled into them |
| ``licences/`` | the texts of their licences, a folder for each wheel |
| ``INSTALL.txt``, ``INSTALL.ru.txt`` | how it is checked and installed |
| ``SHA256SUMS`` | the sum of each of these files, for ``sha256sum -c`` |
| ``SHA256SUMS.p7s`` | where somebody signed: a CMS signature of that file (RFC 5652), DER |

``tools/bundle.py`` of the repository makes one, :func:`.verify.verify` looks at one. Nothing of
it is installed or imported for that.
"""
