using Amnre.Jobs.Operations;
using Amnre.Scheduler.Markup;
using Amnre.Scheduler.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Amnre.Scheduler.Tests.Markup;

public sealed class ComponentTextTests
{
    private const string Hostile = "<script>alert('x')</script>\" onload=\"";
    private const string Encoded = "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot; onload=&quot;";

    [Fact]
    public async Task Text_and_attributes_are_encoded()
    {
        RenderFragment<string> row = item => cell => cell.AddContent(0, item);

        var text = await Rendered.OfAsync<ItemTable<string>>(("Caption", Hostile), ("Columns", new[] { Hostile }),
            ("Items", new[] { Hostile, "42" }), ("Key", (string item) => item), ("Row", row));

        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
        Assert.Contains($"aria-label=\"{Encoded}\"", text, StringComparison.Ordinal);
        Assert.Contains($"<th scope=\"col\">{Encoded}</th>", text, StringComparison.Ordinal);
        Assert.Contains($"<tr data-key=\"{Encoded}\">{Encoded}</tr>", text, StringComparison.Ordinal);
        Assert.Contains("<tr data-key=\"42\">42</tr>", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_is_a_whole_document_for_its_reader()
    {
        var asked = 0;
        Visitor Reader(string? account) => new(account, false, () =>
        {
            asked++;
            return new AntiforgeryTokenSet("sent", "kept", "field", "header");
        });
        await using var services = new ServiceCollection().AddLogging().BuildServiceProvider();
        var page = Page.Of<RefusalPage, RefusalModel>(new("Not <here>", "why"));

        var stranger = await ComponentText.OfAsync(page, Reader(null), services);
        Assert.Equal(0, asked);
        var viewer = await ComponentText.OfAsync(page, Reader("viewer"), services);

        Assert.StartsWith("<!DOCTYPE html>", stranger.TrimStart(), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<title>Not &lt;here&gt; ", stranger, StringComparison.Ordinal);
        Assert.DoesNotContain("/logout", stranger, StringComparison.Ordinal);
        Assert.Contains("action=\"/logout\"", viewer, StringComparison.Ordinal);
        Assert.Contains("name=\"field\" value=\"sent\"", viewer, StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_component_that_fails_fails_the_answer() => await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
        Rendered.OfAsync<ActionPage>(("Model", new ActionModel((ActionKind)99, "x", null))));
}
