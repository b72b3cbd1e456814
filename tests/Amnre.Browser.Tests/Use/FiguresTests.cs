using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Pages;
using Amnre.Browser.Tests.Studies;

namespace Amnre.Browser.Tests.Use;

[Collection("studies")]
public sealed class FiguresTests(HeadlessChromium chromium, StudiesFixture studies)
{
    [Fact]
    public async Task Figures_are_chosen_by_the_training_that_they_show_and_by_type()
    {
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync($"/experiments/{studies.Ended}/figures");
        Assert.Equal(["plot/loss", "plot/corner-amnre", "plot/corner-nre", "plot/calibration"], await NamesAsync(page));

        await page.Tab.SelectOptionAsync("select[name=run]", new Microsoft.Playwright.SelectOptionValue { Label = "train/nre" });
        await page.Tab.ClickAsync("form.filters button");
        await page.Tab.WaitForFunctionAsync("() => document.querySelectorAll('figure').length === 3");
        Assert.Equal(["plot/loss", "plot/corner-nre", "plot/calibration"], await NamesAsync(page));
        await page.Tab.ClickAsync(".choices >> text=corner");
        await page.Tab.WaitForFunctionAsync("() => document.querySelectorAll('figure').length === 1");

        Assert.Equal(["plot/corner-nre"], await NamesAsync(page));
        Assert.True(await page.Tab.EvaluateAsync<bool>("() => document.querySelector('figure img').decode().then(() => true)"));
        Assert.Empty(page.Errors);
    }

    private static async Task<IReadOnlyList<string>> NamesAsync(OpenedPage page) =>
        await page.Tab.Locator("figcaption a").AllTextContentsAsync();
}
