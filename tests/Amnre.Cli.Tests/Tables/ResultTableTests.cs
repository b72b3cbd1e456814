using Amnre.Cli.Tables;
using Amnre.Jobs.Graph;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;

namespace Amnre.Cli.Tests.Tables;

public sealed class ResultTableTests
{
    private static readonly JobComposition[] Jobs =
    [
        new("gather/train", JobKind.Gather, JobState.Succeeded, """{"rows":8}""", []),
        new("train/a", JobKind.Train, JobState.Succeeded, """{"seed":0,"bs":64,"model":{"layers":[2,3],"activation":"ELU"}}""", []),
        new("train/b", JobKind.Train, JobState.Failed,
            """{"seed":0,"bs":128,"model":{"layers":[2,4],"activation":"re,\"LU\""},"note":true}""", []),
        new("evaluate/cal/a", JobKind.Evaluate, JobState.Succeeded, """{"bins":32}""", [("samples", "gather/train"), ("model", "train/a")]),
        new("evaluate/odd", JobKind.Evaluate, JobState.Succeeded, """{"bins":64}""", [("model", "train/a")]),
    ];

    private static readonly Dictionary<string, KeyValuePair<string, double>[]> Figures = new()
    {
        ["train/a"] = [new("epochs", 3), new("loss", 0.1)],
        ["evaluate/cal/a"] = [new("entropy", 1e-17)],
        ["evaluate/odd"] = [new("entropy", double.NaN)],
    };

    [Fact]
    public void A_row_per_model_holds_what_differs_and_all_figures() => Assert.Equal(
        """"
        model,state,bs,model.layers[1],model.activation,epochs,loss,cal.entropy,odd.entropy,note
        a,succeeded,64,3,ELU,3,0.1,1E-17,NaN,
        b,failed,128,4,"re,""LU""",,,,,true

        """", ResultTable.ByModel(Jobs, Of).ToCsv());

    [Fact]
    public void A_row_per_job_compares_settings_within_each_kind() => Assert.Equal(
        """"
        job,state,bs,model.layers[1],model.activation,epochs,loss,note,bins,entropy
        train/a,succeeded,64,3,ELU,3,0.1,,,
        train/b,failed,128,4,"re,""LU""",,,true,,
        evaluate/cal/a,succeeded,,,,,,,32,1E-17
        evaluate/odd,succeeded,,,,,,,64,NaN

        """", ResultTable.ByJob(Jobs, Of).ToCsv());

    [Fact]
    public void Statistics_are_those_of_the_last_epoch_and_a_summary_gives_all_its_numbers()
    {
        Assert.Equal([new("epochs", 2), new("loss", 0.5)],
            JobMetrics.LastEpoch(["epoch,time,lr,mean,std", "1,9,0.1,0.7,0", "2,9,0.1,0.5,0"]));
        Assert.Empty(JobMetrics.LastEpoch(["epoch,time,lr,mean,std"]));
        Assert.Equal([new("a", 1), new("b.c[0]", 2)], JobMetrics.Numbers("""{"a":1,"b":{"c":[2,"x"]},"d":null}"""));
    }

    private static IReadOnlyList<KeyValuePair<string, double>> Of(string job) => Figures.GetValueOrDefault(job) ?? [];
}
