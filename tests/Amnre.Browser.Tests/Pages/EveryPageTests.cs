using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Studies;

namespace Amnre.Browser.Tests.Pages;

[Collection("studies")]
public sealed class EveryPageTests(HeadlessChromium chromium, StudiesFixture studies)
{
    public static TheoryData<string> Names => PageList.Names;

    [Theory, MemberData(nameof(Names))]
    public async Task A_page_is_accessible_fits_asks_nobody_else_and_is_gone_through_by_keyboard(string name)
    {
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync(await studies.PathAsync(name), PageList.Status(name));

        PageChecks.None(await PageChecks.AccessibilityAsync(page.Tab));
        var headings = await PageChecks.HeadingsAsync(page.Tab);
        Assert.Single(headings, 1);
        Assert.All(headings.Zip(headings.Skip(1)),
            pair => Assert.True(pair.Second <= pair.First + 1, $"h{pair.First} is followed by h{pair.Second}"));
        PageChecks.None(await PageChecks.KeyboardAsync(page.Tab));
        Assert.Equal("", await PageChecks.OverflowAsync(page.Tab, 1280));
        Assert.Equal("", await PageChecks.OverflowAsync(page.Tab, 390));
        PageChecks.None(page.Errors);
    }
}

/// <summary>One ledger and one scheduler for all tests that only look, and for those that act on experiments of their own.</summary>
[CollectionDefinition("studies")]
public sealed class SharedStudies : ICollectionFixture<StudiesFixture>;
