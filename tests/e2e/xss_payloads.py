"""Five hundred ways in which a stranger may try to have a script run on our pages: well-known vectors in several disguises."""

import itertools
from collections.abc import Callable
from urllib.parse import quote

# Each calls xss(), which the test listens to. A few ask for a dialog.
VECTORS = (
    "<script>xss()</script>", "<SCRIPT>xss()</SCRIPT>", "<script >xss()</script >", "<scr<script>ipt>xss()</scr</script>ipt>",
    "<script/x>xss()</script>", "<script src=data:text/javascript,xss()></script>", "<script type=module>xss()</script>",
    "<img src=x onerror=xss()>", "<img src=x onerror='xss()'>", '<img src="x" onerror="xss()">', "<img/src=x/onerror=xss()>",
    "<img src onerror=xss()//", "<image src=x onerror=xss()>", "<img src=x:x onerror=&#120;ss()>",
    "<img srcset=x onerror=xss()>",
    "<svg onload=xss()>", "<svg/onload=xss()>", "<svg><script>xss()</script></svg>",
    "<svg><animate onbegin=xss() attributeName=x>",
    "<svg><image href=x onerror=xss() />", "<svg><script href=data:,xss() />",
    "<svg><a><rect onfocus=xss() tabindex=1 autofocus>",
    "<body onload=xss()>", "<body onpageshow=xss()>", "<input onfocus=xss() autofocus>", "<select onfocus=xss() autofocus>",
    "<textarea onfocus=xss() autofocus>", "<button onfocus=xss() autofocus>", "<details open ontoggle=xss()>",
    "<video src=x onerror=xss()>", "<video><source onerror=xss()>", "<audio src=x onerror=xss()>",
    "<object data=x onerror=xss()>",
    "<iframe srcdoc='<script>parent.xss()</script>'>", "<iframe src=javascript:parent.xss()>", "<iframe onload=xss()>",
    "<embed src=javascript:xss()>", "<object data=javascript:xss()>", "<link rel=stylesheet href=x onerror=xss()>",
    "<style onload=xss()></style>", "<style>@import 'x';</style><style onload=xss()>", "<marquee onstart=xss()>x</marquee>",
    "<math><mtext><img src=x onerror=xss()>", "<math><mglyph><style><img src=x onerror=xss()>",
    "<noscript><p title='</noscript><img src=x onerror=xss()>'>", "<template><img src=x></template><img src=x onerror=xss()>",
    "<a autofocus tabindex=1 onfocus=xss()>x</a>", "<x contenteditable onfocus=xss() autofocus>x",
    "<keygen autofocus onfocus=xss()>",
    "<div style=animation-name:x onanimationstart=xss()>", "<form><button formaction=javascript:xss() autofocus onfocus=xss()>",
    "<meta http-equiv=refresh content='0;url=javascript:xss()'>", "<base href=javascript:xss()//>",
    "<img src=x onerror=alert(1)>",
    "<script>alert(document.domain)</script>", "<svg onload=confirm(1)>", "<img src=x onerror=prompt(1)>",
    "javascript:xss()", "data:text/html,<script>parent.xss()</script>", "https://a.example/\" onmouseover=\"xss()",
    "https://a.example/'onfocus='xss()'autofocus='", "https://a.example/?q=<img src=x onerror=xss()>", "[x](javascript:xss())",
    "{{ ''.constructor.constructor('xss()')() }}", "{% debug %}<img src=x onerror=xss()>", "${xss()}",
)  # fmt: skip
DISGUISES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: f'">{text}',
    lambda text: f"'>{text}",
    lambda text: f"</textarea></title></script></style>{text}",
    lambda text: f"-->{text}<!--",
    lambda text: f'"\' autofocus onfocus=xss() x="{text}',
    lambda text: text.replace("<", "&lt;").replace(">", "&gt;"),
    lambda text: text.replace("<", "&#60;").replace("(", "&#40;"),
    lambda text: quote(text),
    lambda text: text.replace(" ", "\t").replace("=", " =\n"),
    lambda text: text.replace("<", "\N{FULLWIDTH LESS-THAN SIGN}").replace(">", "\N{FULLWIDTH GREATER-THAN SIGN}"),
    lambda text: f"https://a.example/{text}",
    lambda text: text.replace("script", "scr\0ipt").replace("on", "o\0n"),
    lambda text: "".join(part.upper() if place % 2 else part for place, part in enumerate(text)).replace("XSS", "xss"),
    lambda text: f"]]>{text}",
)
NUMBER = 500


def payloads() -> list[str]:
    """Every vector undisguised first, then each in one disguise after the other."""
    made = dict.fromkeys(disguise(vector) for disguise in DISGUISES for vector in VECTORS)
    found = list(itertools.islice(made, NUMBER))
    assert len(found) == NUMBER
    return found


def parts(number: int) -> list[list[str]]:
    """All of them, dealt out to this many fields."""
    every = payloads()
    return [every[place::number] for place in range(number)]
