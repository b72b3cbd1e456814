using System.Text.Json;
using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Pages;
using Amnre.Browser.Tests.Studies;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;

namespace Amnre.Browser.Tests.Use;

[Collection("studies")]
public sealed class LiveUpdateTests(HeadlessChromium chromium, StudiesFixture studies)
{
    /// <summary>Remembers this document, its elements and where the reader is in it, and counts elements that go.</summary>
    private const string Remember =
        """
        (row) => {
          window.kept = { row: document.querySelector(row), focus: document.activeElement, removed: 0 };
          scrollTo(0, 300);
          new MutationObserver((changes) => { for (const change of changes) for (const one of change.removedNodes) if (one.nodeType === 1) window.kept.removed++; })
            .observe(document.querySelector("main"), { childList: true, subtree: true });
        }
        """;

    private const string Recall =
        """
        (row) => ({ sameRow: window.kept?.row === document.querySelector(row), sameFocus: window.kept?.focus === document.activeElement,
          removed: window.kept?.removed, scroll: scrollY, typed: document.activeElement.value, caret: document.activeElement.selectionStart })
        """;

    [Fact]
    public async Task A_job_that_begins_is_shown_without_reload_and_what_is_typed_scrolled_and_focused_stays()
    {
        var job = await studies.JobAsync(job => job is { State: JobState.Queued, Kind: JobKind.Train });
        var row = $"tr:has(a[href='/jobs/{job}'])";
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync($"/experiments/{studies.Sweep}/runs");
        await page.Tab.FillAsync("input[name=where]", "state=queued learn");
        await page.Tab.EvaluateAsync("() => document.querySelector('input[name=where]').setSelectionRange(5, 5)");
        await page.Tab.EvaluateAsync(Remember, row);
        Assert.Equal("queued", await page.Tab.TextContentAsync($"{row} .badge"));

        await studies.ClaimAsync(job);

        await page.Tab.WaitForSelectorAsync($"{row} .badge.running");
        var now = await page.Tab.EvaluateAsync<JsonElement>(Recall, row);
        Assert.True(now.GetProperty("sameRow").GetBoolean());
        Assert.True(now.GetProperty("sameFocus").GetBoolean());
        Assert.Equal("state=queued learn", now.GetProperty("typed").GetString());
        Assert.Equal(5, now.GetProperty("caret").GetInt32());
        Assert.Equal(300, now.GetProperty("scroll").GetDouble(), 1.0);
        Assert.Equal(0, now.GetProperty("removed").GetInt32());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task What_is_done_is_told_to_those_who_listen_and_what_is_folded_stays_folded()
    {
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync($"/experiments/{studies.Sweep}");
        var before = await page.Tab.TextContentAsync(".title [role=status]");
        await page.Tab.ClickAsync("section[data-key=s-Waiting] summary");
        await page.Tab.EvaluateAsync(Remember, "section[data-key=s-Waiting]");

        await studies.SucceedAsync(
            await studies.ClaimAsync(await studies.JobAsync(job => job is { State: JobState.Queued, Kind: JobKind.Evaluate })));

        await page.Tab.WaitForFunctionAsync("(before) => document.querySelector('.title [role=status]').textContent !== before", before);
        var now = await page.Tab.EvaluateAsync<JsonElement>(Recall, "section[data-key=s-Waiting]");
        Assert.True(now.GetProperty("sameRow").GetBoolean());
        Assert.True(now.GetProperty("sameFocus").GetBoolean());
        Assert.False(await page.Tab.EvaluateAsync<bool>("() => document.querySelector('section[data-key=s-Waiting] details').open"));
        Assert.Equal("live", await page.Tab.TextContentAsync("#pulse[role=status] span"));
        Assert.Empty(page.Errors);
    }
}
