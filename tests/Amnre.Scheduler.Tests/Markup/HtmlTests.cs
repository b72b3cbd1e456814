using Amnre.Scheduler.Markup;

namespace Amnre.Scheduler.Tests.Markup;

public sealed class HtmlTests
{
    [Fact]
    public void Everything_interpolated_is_encoded_unless_it_is_markup_itself()
    {
        const string Hostile = "<script>alert('x')</script>\" onload=\"";
        List<Html> list = [Html.Of($"<li>{Hostile}</li>"), Html.Of($"<li>{42}</li>")];

        var text = Html.Of($"<ul title=\"{Hostile}\">{list}{list.Select(item => item)}</ul>").ToString();

        const string Encoded = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot; onload=&quot;";
        Assert.Equal($"<ul title=\"{Encoded}\"><li>{Encoded}</li><li>42</li><li>{Encoded}</li><li>42</li></ul>", text);
    }
}
