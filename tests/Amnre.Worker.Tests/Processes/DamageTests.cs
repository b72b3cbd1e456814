using Amnre.Jobs.Artifacts;
using Amnre.Jobs.Attempts;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Views;
using Amnre.Testing;

namespace Amnre.Worker.Tests.Processes;

/// <summary>Files of the store are damaged, and the store is hidden, while jobs are to read from it.</summary>
public sealed class DamageTests(TestServer server) : StageTest(server)
{
    [Theory]
    [InlineData("bit")]
    [InlineData("truncated")]
    [InlineData("longer")]
    [InlineData("lost")]
    [InlineData("folder lost")]
    public async Task A_damaged_input_is_made_again_and_the_result_is_that_of_an_undisturbed_run(string damage)
    {
        Scheduler();
        Worker();
        var id = (await SubmitAsync(Plan("e", "data", "gate | held 20", "train: data gate"))).ExperimentId;
        await UntilAsync(id, "the data are made", snapshot => snapshot.Jobs[0].State == JobState.Succeeded);
        Damage(Store.Absolute((await Files.FilesAsync(id, Cancel)).Single(file => file.Job == "data").Path), damage);
        LetGo("gate");

        var end = await EndOfAsync(id);

        Assert.Equal((ExperimentState.Succeeded, 3), (end.Experiment.State, end.Experiment.Succeeded));
        Assert.Equal([2, 1, 2], end.Jobs.Select(job => job.Attempts));
        Assert.Equal("()data", await TextOfAsync(id, "data"));
        Assert.Equal("(()data()gate)train", await TextOfAsync(id, "train"));
        var attempts = await JobViews.AttemptsAsync(end.Jobs[2].Id, Cancel);
        Assert.Equal([AttemptOutcome.Succeeded, AttemptOutcome.Damaged], attempts.Select(attempt => attempt.Outcome!.Value));
        Assert.StartsWith("input out.txt of data is ", attempts[1].Message, StringComparison.Ordinal);
        Assert.Null(attempts[1].FailureClass);
        Assert.Contains((await JobViews.FactsAsync(end.Jobs[0].Id, Cancel))!.Events, one => one.Kind == "damage"
            && one.Message == attempts[1].Message);
        Assert.Contains((await JobViews.FactsAsync(end.Jobs[0].Id, Cancel))!.Events, one => one.Kind == "confirmed");
        await AuditAsync();
    }

    [Fact]
    public async Task A_store_that_is_away_is_waited_for_and_costs_the_user_nothing()
    {
        Scheduler();
        Worker();
        var id = (await SubmitAsync(Plan("e", "gate | held 20", "after: gate"))).ExperimentId;
        await RunningAsync(id, "gate");
        var identity = Path.Combine(Store.Root, StoreIdentity.FileName);
        File.Move(identity, identity + ".away");
        LetGo("gate");
        await UntilAsync(id, "its end cannot be published", snapshot => snapshot.Jobs[0].Attempts == 2);
        File.Move(identity + ".away", identity);

        var end = await EndOfAsync(id);

        Assert.Equal(ExperimentState.Succeeded, end.Experiment.State);
        Assert.All((await JobViews.AttemptsAsync(end.Jobs[0].Id, Cancel)).Where(attempt => attempt.Outcome == AttemptOutcome.Failed),
            attempt =>
        {
            Assert.Equal(FailureClass.Infrastructure, attempt.FailureClass);
            Assert.Contains("is its file system mounted?", attempt.Message, StringComparison.Ordinal);
        });
        Assert.Equal("(()gate)after", await TextOfAsync(id, "after"));
    }

    private static void Damage(string path, string damage)
    {
        var content = File.ReadAllBytes(path);
        switch (damage)
        {
            case "bit":
                content[0] ^= 1;
                File.WriteAllBytes(path, content);
                break;
            case "truncated":
                File.WriteAllBytes(path, content[..^1]);
                break;
            case "longer":
                File.WriteAllBytes(path, [.. content, 0]);
                break;
            case "lost":
                File.Delete(path);
                break;
            default:
                Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
                break;
        }
    }
}
