using Amnre.Browser.Tests.Chromium;
using Amnre.Browser.Tests.Pages;
using Amnre.Browser.Tests.Studies;
using Amnre.Jobs.Graph;

namespace Amnre.Browser.Tests.Use;

[Collection("studies")]
public sealed class ActionTests(HeadlessChromium chromium, StudiesFixture studies)
{
    [Fact]
    public async Task A_job_is_cancelled_by_keyboard_after_it_was_asked_again_and_the_event_log_says_by_whom()
    {
        var experiment = await studies.SubmitAsync("given-up", "sample/one", "sample/two: sample/one");
        var job = (await studies.SnapshotAsync(experiment)).Jobs[1].Id;
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync($"/jobs/{job}");

        await page.Tab.FocusAsync(".actions button");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForSelectorAsync("form.confirm");
        Assert.Equal("Cancel", await page.Tab.TextContentAsync("h1"));
        Assert.Equal(JobState.Waiting, (await studies.SnapshotAsync(experiment)).Jobs[1].State);
        await page.Tab.FocusAsync("form.confirm button");
        await page.Tab.Keyboard.PressAsync("Enter");
        await page.Tab.WaitForSelectorAsync("main li");

        Assert.Equal("cancelled: given-up/sample/two", await page.Tab.TextContentAsync("main li"));
        await page.GoAsync($"/jobs/{job}");
        await page.Tab.WaitForSelectorAsync(".title .badge.cancelled");
        await page.GoAsync("/events");
        Assert.Contains("operator at 127.0.0.1: cancel given-up@1/sample/two", await page.Tab.TextContentAsync("ol.log"),
            StringComparison.Ordinal);
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_confirmation_can_be_left_without_anything_done()
    {
        await using var page = await OpenedPage.OpenAsync(chromium, studies);
        await page.GoAsync($"/experiments/{studies.Fresh}");

        await page.Tab.ClickAsync("text=Pause");
        await page.Tab.ClickAsync("text=Leave it as it is");

        await page.Tab.WaitForURLAsync($"**/experiments/{studies.Fresh}");
        Assert.False((await studies.SnapshotAsync(studies.Fresh)).Experiment.Paused);
    }
}
