using System.Globalization;
using System.Runtime.Intrinsics;
using Amnre.Engine.BenchmarkTasks;
using Amnre.Engine.Catalog;
using Amnre.Engine.Masks;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.Tests.BenchmarkTasks;

/// <summary>The benchmark's tasks against numbers computed with numpy and scipy from their definition.</summary>
public sealed class BenchmarkTaskTests
{
    /// <summary>Task, observation, log prior density and log likelihood at the observation's true parameters.</summary>
    private const string Densities = """
        bernoulli-glm,1,-12.52067574,-20.67977436
        bernoulli-glm,2,-10.56357388,-35.00714842
        bernoulli-glm,3,-16.37910473,-17.35396968
        bernoulli-glm,4,-15.51667202,-13.66704919
        bernoulli-glm,5,-8.577810634,-47.34315082
        bernoulli-glm,6,-8.624487615,-41.23576797
        bernoulli-glm,7,-10.14933378,-37.45710407
        bernoulli-glm,8,-13.0379624,-20.16961116
        bernoulli-glm,9,-13.12764893,-15.03264684
        bernoulli-glm,10,-9.62360194,-42.62456509
        bernoulli-glm-raw,1,-12.52067574,-20.67977436
        bernoulli-glm-raw,2,-10.56357388,-35.00714842
        bernoulli-glm-raw,3,-16.37910473,-17.35396968
        bernoulli-glm-raw,4,-15.51667202,-13.66704919
        bernoulli-glm-raw,5,-8.577810634,-47.34315082
        bernoulli-glm-raw,6,-8.624487615,-41.23576797
        bernoulli-glm-raw,7,-10.14933378,-37.45710407
        bernoulli-glm-raw,8,-13.0379624,-20.16961116
        bernoulli-glm-raw,9,-13.12764893,-15.03264684
        bernoulli-glm-raw,10,-9.62360194,-42.62456509
        gaussian-linear,1,-4.751939424,-2.642316209
        gaussian-linear,2,-2.79483992,-6.71323962
        gaussian-linear,3,-8.610370452,-2.108140782
        gaussian-linear,4,-7.747943487,-3.939669097
        gaussian-linear,5,-0.8090772246,-2.617430974
        gaussian-linear,6,-0.8557551439,-3.595650238
        gaussian-linear,7,-2.380600414,-4.445680311
        gaussian-linear,8,-5.269227061,-2.042177618
        gaussian-linear,9,-5.358914926,-3.760713372
        gaussian-linear,10,-1.854868894,-5.501998257
        gaussian-linear-uniform,1,-6.931471806,-4.076967654
        gaussian-linear-uniform,2,-6.931471806,-6.306447595
        gaussian-linear-uniform,3,-6.931471806,-3.938845825
        gaussian-linear-uniform,4,-6.931471806,-3.256769632
        gaussian-linear-uniform,5,-6.931471806,-0.826732343
        gaussian-linear-uniform,6,-6.931471806,-0.216775104
        gaussian-linear-uniform,7,-6.931471806,-0.3294180469
        gaussian-linear-uniform,8,-6.931471806,-1.028436002
        gaussian-linear-uniform,9,-6.931471806,-1.24739166
        gaussian-linear-uniform,10,-6.931471806,-0.5151941121
        gaussian-mixture,1,-5.991464547,1.929117646
        gaussian-mixture,2,-5.991464547,1.663591194
        gaussian-mixture,3,-5.991464547,-0.1749940427
        gaussian-mixture,4,-5.991464547,1.116758949
        gaussian-mixture,5,-5.991464547,-2.947053815
        gaussian-mixture,6,-5.991464547,-4.019992747
        gaussian-mixture,7,-5.991464547,-2.829180584
        gaussian-mixture,8,-5.991464547,1.923964525
        gaussian-mixture,9,-5.991464547,-1.715400995
        gaussian-mixture,10,-5.991464547,-3.518834221
        lotka-volterra,1,1.199899759,9.826580227
        lotka-volterra,2,2.843490027,-4.186285495
        lotka-volterra,3,2.855551996,-19.68937309
        lotka-volterra,4,0.706834087,-32.12381024
        lotka-volterra,5,4.734212446,-12.09861306
        lotka-volterra,6,4.441933827,10.25452467
        lotka-volterra,7,-0.9819880311,-19.40702868
        lotka-volterra,8,4.990154727,-30.88638487
        lotka-volterra,9,4.345585881,-17.63445207
        lotka-volterra,10,2.951506859,-18.20345708
        sir,1,-0.05347509452,-11.73032521
        sir,2,1.570689222,-17.51267995
        sir,3,1.864000896,-13.60201963
        sir,4,2.452059159,-19.43174672
        sir,5,3.6027802,-21.17336157
        sir,6,3.544130872,-19.91420252
        sir,7,3.459228689,-18.55669116
        sir,8,3.028722745,-17.04694662
        sir,9,2.789399743,-22.44254295
        sir,10,2.882298315,-25.470795
        slcp,1,-8.958797346,-10.85389374
        slcp,2,-8.958797346,-15.97727156
        slcp,3,-8.958797346,-21.58303167
        slcp,4,-8.958797346,0.0529674235
        slcp,5,-8.958797346,-22.19149482
        slcp,6,-8.958797346,-11.78588035
        slcp,7,-8.958797346,-14.9888996
        slcp,8,-8.958797346,-13.73695872
        slcp,9,-8.958797346,-13.08736776
        slcp,10,-8.958797346,-4.392789535
        two-moons,1,-1.386294361,4.804160418
        two-moons,2,-1.386294361,3.633706382
        two-moons,3,-1.386294361,4.562514732
        two-moons,4,-1.386294361,3.438954115
        two-moons,5,-1.386294361,4.849137709
        two-moons,6,-1.386294361,4.792470244
        two-moons,7,-1.386294361,4.756376376
        two-moons,8,-1.386294361,4.842710444
        two-moons,9,-1.386294361,4.79365355
        two-moons,10,-1.386294361,4.835414149
        """;

    /// <summary>Task, value of x (from 1), mean, deviation and quantiles .05, .25, .5, .75, .95 over prior and noise.</summary>
    private const string Predictive = """
        gaussian-linear,1,0.00126795,0.447421,-0.734766,-0.300499,0.0004652,0.303661,0.736322
        gaussian-linear,2,-0.000991963,0.446875,-0.735925,-0.302135,-0.00118987,0.300582,0.734098
        gaussian-linear,3,0.000856642,0.44646,-0.731913,-0.299581,9.14376e-05,0.301585,0.735409
        gaussian-linear,4,-0.000124903,0.447861,-0.737405,-0.302324,-0.000491275,0.302996,0.736682
        gaussian-linear,5,5.64893e-05,0.44682,-0.734089,-0.300832,0.000401427,0.30138,0.733767
        gaussian-linear,6,-8.2443e-05,0.448055,-0.739264,-0.30168,0.000655445,0.301468,0.738196
        gaussian-linear,7,0.000368018,0.446968,-0.732133,-0.300761,-0.000539394,0.300734,0.736013
        gaussian-linear,8,-0.000296174,0.44759,-0.736641,-0.302152,-0.00102856,0.302099,0.734646
        gaussian-linear,9,0.00117127,0.44787,-0.735963,-0.300881,0.00183761,0.302848,0.737818
        gaussian-linear,10,-0.000149556,0.447226,-0.735863,-0.301393,-0.000178086,0.301263,0.73736
        gaussian-linear-uniform,1,-0.00151626,0.657207,-1.05604,-0.508132,-0.00230083,0.504721,1.05324
        gaussian-linear-uniform,2,-0.00108902,0.657515,-1.05748,-0.509552,-0.00111369,0.50601,1.05363
        gaussian-linear-uniform,3,-0.000499256,0.658163,-1.05529,-0.508718,-0.00083341,0.507089,1.05546
        gaussian-linear-uniform,4,-0.00139049,0.657983,-1.0559,-0.509175,-0.00260592,0.50648,1.05622
        gaussian-linear-uniform,5,0.0012694,0.657887,-1.05526,-0.508416,0.00202777,0.508867,1.05535
        gaussian-linear-uniform,6,-0.00156369,0.658075,-1.05861,-0.509777,-0.00197982,0.506365,1.05568
        gaussian-linear-uniform,7,-0.000387654,0.657331,-1.05598,-0.507245,0.00116579,0.506828,1.05425
        gaussian-linear-uniform,8,0.000875914,0.658378,-1.05475,-0.507101,0.00243981,0.506896,1.05623
        gaussian-linear-uniform,9,0.000333919,0.658495,-1.05621,-0.50758,-0.000195327,0.509534,1.05657
        gaussian-linear-uniform,10,0.000166905,0.657952,-1.0567,-0.508227,0.000950245,0.506962,1.0566
        slcp,1,0.0126254,4.37069,-7.02573,-2.11306,0.0116672,2.13306,7.05431
        slcp,2,0.00391807,4.38181,-7.05382,-2.13408,0.00252937,2.12663,7.08133
        slcp,3,0.00736859,4.37169,-7.03996,-2.119,0.00682927,2.13158,7.08247
        slcp,4,0.00199281,4.37894,-7.03954,-2.13238,0.00192929,2.13027,7.03589
        slcp,5,-0.00125473,4.38769,-7.07227,-2.12703,0.00172918,2.13046,7.08192
        slcp,6,-0.00683567,4.37961,-7.08582,-2.12967,-0.00540249,2.12421,7.05288
        slcp,7,0.00146773,4.3685,-7.04392,-2.1199,-0.0051543,2.1225,7.07235
        slcp,8,-0.00325951,4.38995,-7.09198,-2.12994,0.00417955,2.12222,7.06252
        slcp-distractors,1,-4.86057,107.173,-86.8002,-30.1912,-4.88495,21.21,78.8479
        slcp-distractors,8,7.61106,109.029,-77.5971,-17.7571,7.90737,33.6348,93.0483
        slcp-distractors,23,-0.0178981,4.36084,-7.1034,-2.12405,-0.00633207,2.11294,6.97626
        slcp-distractors,34,0.0239629,4.36075,-7.00717,-2.09099,0.0182194,2.14336,7.08207
        slcp-distractors,43,0.00145594,4.36608,-7.02846,-2.11187,0.0153487,2.13896,7.06426
        slcp-distractors,51,1.82339,96.4307,-83.9373,-22.9755,2.23141,27.5174,87.0091
        slcp-distractors,68,0.015669,4.38488,-7.09744,-2.10705,0.030977,2.15111,7.04096
        slcp-distractors,91,0.00669488,4.38977,-7.04407,-2.12148,0.0182367,2.15739,7.06482
        slcp-distractors,97,2.42011,137.215,-39.7107,-10.0693,1.12185,14.1767,43.7103
        slcp-distractors,100,6.96983,53.5733,-30.2281,-6.20752,5.59462,19.3234,47.6675
        bernoulli-glm,1,50.0554,16.5918,22,39,50,61,78
        bernoulli-glm,2,-5.19256,7.84289,-17.8066,-11.0546,-5.20989,0.690416,7.44728
        bernoulli-glm,3,-5.08965,11.7604,-23.5672,-14.8159,-5.12217,4.62332,13.4908
        bernoulli-glm,4,-5.10027,12.9118,-25.0249,-16.2112,-5.12834,6.01131,14.8712
        bernoulli-glm,5,-5.25451,11.4984,-23.4021,-14.6634,-5.2761,4.12221,12.9889
        bernoulli-glm,6,-5.39943,10.3342,-22.2308,-13.1855,-5.4241,2.36879,11.4994
        bernoulli-glm,7,-4.63985,9.38387,-20.1153,-11.4836,-4.64304,2.18488,10.8705
        bernoulli-glm,8,-4.42961,8.69703,-18.7675,-10.6467,-4.44061,1.77819,9.95534
        bernoulli-glm,9,-4.26351,8.19116,-17.7212,-10.0957,-4.27487,1.56527,9.20051
        bernoulli-glm,10,-3.91156,7.7053,-16.6243,-9.22978,-3.9261,1.3925,8.8425
        bernoulli-glm-raw,1,0.50038,0.5,0,0,1,1,1
        bernoulli-glm-raw,8,0.49987,0.5,0,0,0,1,1
        bernoulli-glm-raw,23,0.49937,0.5,0,0,0,1,1
        bernoulli-glm-raw,34,0.50188,0.499996,0,0,1,1,1
        bernoulli-glm-raw,43,0.501215,0.499999,0,0,1,1,1
        bernoulli-glm-raw,51,0.49923,0.499999,0,0,0,1,1
        bernoulli-glm-raw,68,0.50006,0.5,0,0,1,1,1
        bernoulli-glm-raw,91,0.499415,0.5,0,0,0,1,1
        bernoulli-glm-raw,97,0.50226,0.499995,0,0,1,1,1
        bernoulli-glm-raw,100,0.501195,0.499999,0,0,1,1,1
        gaussian-mixture,1,-0.000350191,5.81873,-9.04544,-5.01066,0.0206312,4.98829,9.04318
        gaussian-mixture,2,1.95441e-05,5.82096,-9.04361,-5.01607,0.00341829,5.00695,9.04149
        two-moons,1,-0.15762,0.33526,-0.787264,-0.394386,-0.100088,0.124142,0.280281
        two-moons,2,-0.0013126,0.58127,-0.973332,-0.416959,-0.00248004,0.413529,0.972229
        sir,1,0.00107,0.0326933,0,0,0,0,0
        sir,2,34.3648,118.44,0,0,0,2,310
        sir,3,110.706,155.906,0,0,11,202,443
        sir,4,98.193,116.972,0,3,43,170,341
        sir,5,65.1018,86.2436,0,3,21,101,256
        sir,6,40.0939,63.9612,0,1,7,50,192
        sir,7,24.5664,47.2195,0,0,2,21,142
        sir,8,15.5234,35.3193,0,0,0,8,104
        sir,9,10.1452,26.8027,0,0,0,3,75
        sir,10,6.8335,20.5949,0,0,0,1,54
        lotka-volterra,1,30.1316,3.02292,25.4575,28.0196,29.9799,32.057,35.3368
        lotka-volterra,3,8.98702,29.7837,0.000546044,0.111877,1.09115,5.23098,40.7916
        lotka-volterra,5,21.5271,42.3512,0.00110783,0.582019,5.55108,23.4672,95.8023
        lotka-volterra,7,24.9929,43.9446,0.00994362,1.18635,8.0326,32.0758,100.056
        lotka-volterra,9,23.2822,42.9224,0.0108358,0.93222,6.58705,28.1188,98.0996
        lotka-volterra,11,1.00535,0.100976,0.848305,0.934521,1.00042,1.07084,1.17821
        lotka-volterra,13,32.9382,35.0131,2.82534,11.0453,22.7428,42.5754,96.5488
        lotka-volterra,15,12.7652,39.5428,0.499869,1.07632,2.2532,7.15025,60.377
        lotka-volterra,17,22.6696,52.1887,0.329023,1.06047,3.5982,21.5355,107.318
        lotka-volterra,19,23.3408,49.7112,0.350262,1.21206,4.64776,23.2292,107.053
        """;

    /// <summary>Task, observation, and the noise-free solution at the observed times, relative tolerance 1e-12.</summary>
    private const string Solutions = """
        sir,1,1,1325.339422,321078.9247,46177.7389,2994.15388,188.5211529,11.84882475,0.7446327711,0.0467957033,0.002940827976
        sir,2,1,17072.17594,407152.4426,89349.30275,18867.08736,3973.082316,836.2655264,176.0026272,37.04123082,7.795605265
        sir,3,1,82379.85831,215537.0508,29693.26993,4025.844221,545.0800702,73.7882848,9.988592279,1.35213412,0.1830353907
        sir,4,1,96.90501366,9239.831447,331609.5612,237014.0255,65250.50232,16478.23845,4097.201317,1015.125001,251.2909836
        sir,5,1,26.4781942,699.9108008,17706.96155,203441.7421,171152.8579,46753.77071,10625.08795,2331.810372,508.0026973
        sir,6,1,26.58337603,705.3929967,17853.12119,195553.6131,149317.7005,37551.21314,7894.369594,1606.531749,324.8463825
        sir,7,1,7.277391556,52.95176086,384.8293055,2772.757912,18803.0395,89350.32648,145467.2179,81513.58873,29641.9807
        sir,8,1,52.34785722,2721.224127,102901.1267,194180.5639,41381.02798,6659.557731,1032.8152,159.2912427,24.54662454
        sir,9,1,57.32214814,3265.773776,137184.5411,316008.1986,102553.3927,26438.33566,6568.230917,1618.555816,398.0719564
        sir,10,1,1977.086501,471320.099,117163.9426,18532.77194,2870.557134,443.4109805,68.46495342,10.57067595,1.632048158
        lotka-volterra,1,30,1.226538856,0.286168929,0.7411867013,2.858453099,11.71877509,37.44395171,0.439927075,0.3490796254,1.1102823,1,26.81369467,4.626170429,0.8001402175,0.1814504415,0.1310243235,8.018890431,15.86078606,2.652752212,0.4802615811
        lotka-volterra,2,30,2.96528269,0.5233219028,1.095757295,3.128815032,9.28679512,27.38564911,4.875621006,0.5159840748,1.004653614,1,71.2230132,9.657592269,1.249798149,0.2171458339,0.09487586024,0.6496518889,79.79831725,11.63250795,1.487970082
        lotka-volterra,3,30,16.08583354,2.962439205,5.417308293,12.9389022,31.05648144,13.72287021,2.983700074,5.610004527,13.43471555,1,49.43490729,8.347820551,1.021553206,0.3207875227,1.144938736,49.62627064,7.582821848,0.9479548066,0.3174931157
        lotka-volterra,4,30,163.425504,242.9093559,14.60664231,67.13089439,370.2628172,15.44264219,28.40167794,154.0332137,308.1092645,1,0.2218485276,58.93510613,4.693643292,0.3229562896,0.9698249172,24.41344459,1.099949912,0.2174414626,52.07689058
        lotka-volterra,5,30,9.153445312,0.4653819815,0.8444767056,3.034951591,12.25801118,46.56757363,1.438329558,0.4859006379,1.293583058,1,85.66384258,19.34785033,3.543690477,0.7794196468,0.3848998532,4.935982847,56.75201331,10.49895664,1.990104648
        lotka-volterra,6,30,39.04502357,0.04985470902,0.005767348361,0.006056102769,0.01613357946,0.06363860408,0.2960884469,1.475574553,7.550617228,1,176.3350876,126.9382299,53.61154194,22.61732689,9.546203214,4.039412254,1.730151306,0.7876359047,0.4902037361
        lotka-volterra,7,30,65.74209341,1.348619796,1.269011731,6.419558127,50.83808207,19.30623741,1.000951358,1.755851749,10.82574418,1,13.8378733,9.588326783,3.307406858,1.263134377,1.286963187,17.74613533,7.299021062,2.52968672,1.061919693
        lotka-volterra,8,30,38.37038484,1.587007498,1.57986345,3.795753227,10.67447464,30.45716237,36.80672821,1.560582335,1.595636655,1,57.02338453,33.70687038,6.342202402,1.381378785,0.5249008071,1.032981448,59.77003721,32.89631822,6.189863421
        lotka-volterra,9,30,3.995281556,0.246532774,1.310857971,12.10787166,88.47183164,0.253917399,0.5857213232,4.898366408,46.88247562,1,183.9160148,24.31136662,3.176285797,0.7578735125,46.10671474,55.97284207,7.043385854,1.123312334,1.924632041
        lotka-volterra,10,30,3.915599324,2.8614234,32.84227668,3.116401618,3.097423713,35.94742885,2.56101477,3.357684909,39.33644229,1,112.7339943,5.031971443,1.049564467,101.7137185,4.527451801,1.11947115,91.43871448,4.078994028,1.21521925
        """;

    public static TheoryData<string> Tasks() =>
        [.. SimulatorCatalog.Names.Where(name => name.StartsWith("sbibm-", StringComparison.Ordinal))];

    [Fact]
    public void All_ten_tasks_are_in_the_catalog() => Assert.Equal(10, Tasks().Count);

    [Fact]
    public void Densities_of_the_observations_are_those_of_the_definition()
    {
        foreach (var cells in Cells(Densities))
        {
            var (task, theta, x) = Observation(cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture) - 1);
            Assert.Equal(Number(cells[2]), task.LogPrior(ParameterMask.Full(task.ThetaSize), theta), 2e-5);
            Assert.Equal(Number(cells[3]), task.LogLikelihood(theta, x), cells[0] == "lotka-volterra" ? 2e-3 : 2e-4);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Rows_are_distributed_as_those_of_the_definition(string name)
    {
        const int Rows = 60_000;
        var task = SimulatorCatalog.Find(name);
        var (theta, x) = (new float[Rows * task.ThetaSize], new float[Rows * task.ObservationSize]);
        task.Sample(21, 0, theta, x);
        Assert.All(x, value => Assert.True(float.IsFinite(value)));
        var count = 0;
        foreach (var cells in Cells(Predictive).Where(cells => $"sbibm-{cells[0]}" == name))
        {
            var place = int.Parse(cells[1], CultureInfo.InvariantCulture) - 1;
            var values = Enumerable.Range(0, Rows).Select(row => (double)x[row * task.ObservationSize + place]).Order().ToArray();
            double[] shares = [0.05, 0.25, 0.5, 0.75, 0.95];
            for (var k = 0; k < shares.Length; k++)
            {
                // The share below the quantile of the definition: as far from it as the noise of both samples allows, and ties.
                var quantile = Number(cells[4 + k]);
                var margin = 5 * Math.Sqrt(shares[k] * (1 - shares[k]) * (1.0 / Rows + 1.0 / 60_000));
                var rounding = 1e-5 * Math.Abs(quantile) + 1e-12;
                var below = values.Count(value => value < quantile - rounding) / (double)Rows;
                var within = values.Count(value => value <= quantile + rounding) / (double)Rows;
                Assert.True(below <= shares[k] + margin && within >= shares[k] - margin, $"{name} {place} {shares[k]}: {below}, {within}");
            }

            count++;
            if (name == "sbibm-slcp-distractors") continue; // Distractors have no variance.
            var (mean, deviation) = (Number(cells[2]), Number(cells[3]));
            Assert.InRange((values.Average() - mean) / (deviation + 1e-12), -0.03, 0.03);
            if (name is "sbibm-lotka-volterra" or "sbibm-sir" or "sbibm-slcp") continue; // Heavy tails.
            Assert.InRange(Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / (deviation + 1e-12), 0.97, 1.03);
        }

        Assert.True(count > 0);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_row_does_not_depend_on_those_drawn_with_it(string name)
    {
        var task = SimulatorCatalog.Find(name);
        var (d, s) = (task.ThetaSize, task.ObservationSize);
        var (theta, x) = (new float[21 * d], new float[21 * s]);
        task.Sample(4, 100, theta, x);
        foreach (var (from, rows) in (ReadOnlySpan<(int, int)>)[(3, 1), (5, 11), (20, 1)])
        {
            var (theseTheta, theseX) = (new float[rows * d], new float[rows * s]);
            task.Sample(4, 100 + from, theseTheta, theseX);
            Assert.Equal(theta[(from * d)..((from + rows) * d)], theseTheta);
            Assert.Equal(x[(from * s)..((from + rows) * s)], theseX);
            task.DrawPrior(4, 100 + from, theseTheta);
            Assert.Equal(theta[(from * d)..((from + rows) * d)], theseTheta);
            var again = new float[rows * s];
            ((IConditionalSimulator)task).Observe(9, from, theseTheta, again);
            Assert.NotEqual(theseX, again);
        }
    }

    [Fact]
    public void Solutions_of_the_differential_equations_have_five_digits()
    {
        foreach (var cells in Cells(Solutions))
        {
            var (_, theta, _) = Observation(cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture) - 1);
            var logs = new Vector256<double>[cells[0] == "sir" ? Epidemic.Times : 2 * LotkaVolterra.Times];
            var lanes = theta.Select(value => Vector256.Create((double)value)).ToArray();
            if (cells[0] == "sir") Epidemic.Solve(lanes[0], lanes[1], logs);
            else LotkaVolterra.Solve(lanes[0], lanes[1], lanes[2], lanes[3], logs);
            for (var i = 0; i < logs.Length; i++)
                Assert.Equal(Math.Log(Number(cells[2 + i])), logs[i][0] + (cells[0] == "sir" ? Math.Log(1e6) : 0), 2e-5);
        }
    }

    /// <summary>numpy's tables.</summary>
    [Theory]
    [InlineData("location", 0, 0, 0, 7.4507122951684899)]
    [InlineData("location", 0, 5, 0, -3.5120543542377081)]
    [InlineData("location", 10, 40, 0, 9.6408413980131584)]
    [InlineData("location", 19, 91, 0, -3.1217528590880956)]
    [InlineData("scale", 0, 0, 0, 3.4233248)]
    [InlineData("scale", 0, 1, 0, -1.3959314)]
    [InlineData("scale", 3, 50, 20, -3.6489823)]
    [InlineData("scale", 19, 91, 91, 2.1963508)]
    [InlineData("scale", 19, 91, 0, 0.075806506)]
    [InlineData("scale", 7, 33, 33, 7.8485203)]
    public void Distractors_come_of_the_tables_of_the_benchmark(string table, int component, int row, int column, double value) =>
        Assert.Equal(
            value, table == "location" ? DistractorTables.Location(component, row) : DistractorTables.Scale(component, row, column),
            1e-6 * Math.Abs(value));

    [Fact]
    public void Spikes_and_their_sums_are_of_the_same_observations()
    {
        for (var i = 0; i < 10; i++)
        {
            var (raw, theta, spikes) = Observation("bernoulli-glm-raw", i);
            var (_, _, sums) = Observation("bernoulli-glm", i);
            for (var parameter = 0; parameter < SpikeModel.Size; parameter++)
                Assert.Equal(sums[parameter], Enumerable.Range(0, 100).Sum(t => spikes[t] * SpikeModel.Design(t, parameter)), 1e-4);
            Assert.NotEqual(0, raw.LogLikelihood(theta, spikes));
        }
    }

    internal static (ITractableSimulator Task, float[] Theta, float[] X) Observation(string name, int index)
    {
        var task = (ITractableSimulator)SimulatorCatalog.Find($"sbibm-{name}");
        var (theta, x) = (new float[10 * task.ThetaSize], new float[10 * task.ObservationSize]);
        ((IReferenceEvents)task).Events(0, theta, x);
        return (task, theta.AsSpan(index * task.ThetaSize, task.ThetaSize).ToArray(),
            x.AsSpan(index * task.ObservationSize, task.ObservationSize).ToArray());
    }

    private static IEnumerable<string[]> Cells(string table) => table.Split('\n').Select(line => line.Trim().Split(','));

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
