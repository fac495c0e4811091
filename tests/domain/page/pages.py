"""What a browser makes of a page: its elements with their attributes, and its text."""

from html.parser import HTMLParser


class Seen(HTMLParser):
    """Every element in its order, every attribute, and all text outside of the style sheet."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.text = []
        self.style = ""
        self._open = []
        self.feed(page)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(attrs)))
        if tag != "meta":
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, tuple(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop() == tag
        self.elements.append((f"/{tag}", ()))

    def handle_data(self, data):
        if self._open and self._open[-1] == "style":
            self.style += data
        else:
            self.text.append(data)

    @property
    def tags(self):
        return {tag for tag, _ in self.elements if not tag.startswith("/")}

    @property
    def attributes(self):
        return {name for _, attributes in self.elements for name, _ in attributes}
