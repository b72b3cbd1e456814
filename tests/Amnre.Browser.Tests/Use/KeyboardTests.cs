using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Pages;
using Amnre.Browser.Tests.Studies;

namespace Amnre.Browser.Tests.Use;

[Collection("studies")]
public sealed class KeyboardTests(HeadlessChromium chromium, StudiesFixture studies)
{
    [Fact]
    public async Task The_first_stop_leads_past_the_navigation()
    {
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync($"/experiments/{studies.Sweep}");

        await page.Tab.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to the content", await page.Tab.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await page.Tab.Keyboard.PressAsync("Enter");

        await page.Tab.WaitForFunctionAsync(
            "() => document.activeElement !== document.body && !document.activeElement.classList.contains('skip')");
        Assert.Equal("main", await page.Tab.EvaluateAsync<string>("() => document.activeElement.id"));
    }

    [Fact]
    public async Task A_group_of_the_graph_opens_and_folds_by_keyboard()
    {
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync($"/experiments/{studies.Sweep}/graph");

        await page.Tab.FocusAsync(".graph a[data-key='g:gather']");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForSelectorAsync("a[title='Fold it']");
        Assert.Equal(4, await page.Tab.Locator(".graph a[aria-label^='gather/']").CountAsync());
        await page.Tab.FocusAsync("a[title='Fold it']");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForSelectorAsync("text=Open one to see its jobs");

        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Columns_are_sorted_by_keyboard_and_say_how()
    {
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync($"/experiments/{studies.Sweep}/runs");

        await page.Tab.FocusAsync("th >> text=lr");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForSelectorAsync("th[aria-sort=ascending] >> text=lr");
        await page.Tab.FocusAsync("th >> text=lr");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForSelectorAsync("th[aria-sort=descending] >> text=lr");

        Assert.Equal(1, await page.Tab.Locator("th[aria-sort]").CountAsync());
    }
}
