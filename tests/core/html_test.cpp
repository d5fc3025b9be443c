#include "engine/core/html.h"

#include <doctest/doctest.h>

using tessera::escape_html;

TEST_CASE("markup becomes text") {
  CHECK(escape_html("<b a=\"1\" c='2'>&amp;</b>") ==
        "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;amp;&lt;/b&gt;");
}

TEST_CASE("other text stays as it is, accents too") {
  CHECK(escape_html("M\xC3\xBC"
                    "ller/3%") ==
        "M\xC3\xBC"
        "ller/3%");
  CHECK(escape_html("").empty());
}
