"""Links: made absolute, and brought to the one form that all copies of an address share."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

MAX_LINK = 4000  # characters; servers refuse longer addresses (8 kB of request line), and no article has one
_TRACKING = re.compile(
    r"(?:utm_[a-z_]{1,30}|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|igshid|twclid|ttclid|li_fat_id|mc_cid|mc_eid"
    r"|_hsenc|_hsmi|vero_id|vero_conv|mkt_tok|cmpid|ocid|ncid|xtor|at_medium|at_campaign|at_[a-z_]{1,30}|ito"
    r"|__twitter_impression|ref_src|ref_url|guccounter|guce_referrer(?:_sig)?|_ga|_gl|s_cid|smid|srnd|taid|cid_src"
    r"|feature_share|rss_id|wt_mc|wt_zmc|pk_campaign|pk_kwd|piwik_[a-z]{1,20}|mtm_[a-z]{1,20})\Z",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")
_PORTS = {"http": 80, "https": 443}


def join_link(base: str, link: str) -> str:
    """A link as its page means it, absolute; "" where it is not one of the web, or only a place in the page itself.

    >>> join_link("https://news.example/ai/", "../deal?id=1#top")
    'https://news.example/deal?id=1#top'
    >>> join_link("https://news.example/", "javascript:alert(1)"), join_link("https://news.example/?token=T", "#top")
    ('', '')
    """
    try:
        link = _CONTROL.sub("", link)[:MAX_LINK].strip()
        if link.startswith(("https://", "http://")):
            whole = link
        else:
            whole = urljoin(base, link) if link and not link.startswith("#") else ""
        parts = urlsplit(whole)
        host, _ = parts.hostname, parts.port  # .port raises on "http://a:b/"
    except ValueError:
        return ""
    return whole if parts.scheme.lower() in _PORTS and host else ""


def canonical_link(url: str) -> str:
    """The form of an address that its copies share: host in lower case, no fragment, no tracking parameters.

    >>> canonical_link("HTTPS://News.Example:443/Deal?utm_source=rss&id=7#top")
    'https://news.example/Deal?id=7'
    >>> canonical_link("not a link")
    'not a link'
    """
    try:
        parts = urlsplit(url.strip()[:MAX_LINK])
        host, port = parts.hostname, parts.port
    except ValueError:
        return url.strip()
    scheme = parts.scheme.lower()
    if scheme not in _PORTS or not host:
        return url.strip()
    where = f"[{host}]" if ":" in host else host.rstrip(".")
    if port is not None and port != _PORTS[scheme]:
        where = f"{where}:{port}"
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._") or "/"
    return urlunsplit((scheme, where, path, _kept_query(parts.query), ""))


def _kept_query(query: str) -> str:
    kept = (part for part in query.split("&") if part and not _TRACKING.match(part.partition("=")[0]))
    return "&".join(kept)
