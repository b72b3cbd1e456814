using Amnre.Engine.Settings;
using Amnre.Jobs.Specs;
using Amnre.Jobs.Views;

namespace Amnre.Jobs.Tests.Views;

public sealed class TrainingModelsTests
{
    private static readonly TrainSettings Settings = new() { Simulator = "SLCP", Seed = 18446744073709551600 };

    [Fact]
    public void A_training_of_replicates_is_read_as_that_of_each()
    {
        var together = Settings with { Replicates = 3 };

        var models = TrainingModels.Of("train/a", JobKind.Train, CanonicalJson.Write(together));

        Assert.Equal([("train/a-1", "1/"), ("train/a-2", "2/"), ("train/a-3", "3/")], models.Select(model => (model.Name, model.Folder)));
        Assert.Equal(together.Each().Select(CanonicalJson.Write), models.Select(model => model.Settings));
    }

    [Fact]
    public void Any_other_job_is_itself()
    {
        var alone = CanonicalJson.Write(Settings);

        Assert.Equal([new TrainingModel("train/a", "", alone)], TrainingModels.Of("train/a", JobKind.Train, alone));
        Assert.Equal([new TrainingModel("evaluate/e/a", "", """{"replicates":3}""")],
            TrainingModels.Of("evaluate/e/a", JobKind.Evaluate, """{"replicates":3}"""));
        Assert.Equal([new TrainingModel("train/a", "", """{"replicates":-1}""")],
            TrainingModels.Of("train/a", JobKind.Train, """{"replicates":-1}"""));
    }

    [Theory]
    [InlineData("12/model.pth", "train/a-12", "12/")]
    [InlineData("1/model.best.pth", "train/a-1", "1/")]
    [InlineData("model.pth", "train/a", "")]
    [InlineData("histograms/0_1.h5", "train/a", "")]
    [InlineData("01/model.pth", "train/a", "")]
    public void A_file_belongs_to_the_model_of_its_folder(string file, string model, string folder)
    {
        Assert.Equal(model, TrainingModels.NameOf("train/a", file));
        Assert.Equal(folder, TrainingModels.FolderOf(file));
    }
}
