#include <gradus/graph/gradcheck.h>
#include <gradus/graph/number_text.h>
#include <gradus/graph/recording.h>
#include <gradus/ops/elementwise.h>
#include <gradus/ops/graph.h>
#include <gradus/tools/tutorial/parts.h>
#include <gradus/tools/tutorial/spiral.h>
#include <gradus/tools/tutorial/spiral_net.h>

#include <cstdio>
#include <iostream>

namespace gradus::tutorial {

namespace {

constexpr int kIterations = 2000;
constexpr std::int64_t kSeed = 0;

struct Net {
  Result result = {};
  Variables weights = {};
};

std::vector<Variable> list_of(const Variables& variables) { return {variables.begin(), variables.end()}; }

// How far the gradient by hand is from finite differences of the loss, for the weight at `place` alone.
GradcheckResult check_weight(const Spiral& data, const Variables& weights, std::size_t place,
                             const Slope& slope) {
  const auto with = [&](const Variable& weight) {
    std::vector<Variable> list = list_of(weights);
    list[place] = weight;
    return list;
  };
  const auto loss = [&](const Variable& weight) {
    return custom_gradient([&](const Variable& w) { return spiral_loss(data, with(w)); },
                           [&](const CustomBackward& b) {
                             return Variables(b.g * gradients_by_hand(data, with(b.x[0]), slope)[place]);
                           },
                           {weight});
  };
  return gradcheck(loss, {weights[place].value()}, {.order = 1});
}

// The same for a tanh by itself.
GradcheckResult check_tanh(const Slope& slope) {
  const auto by_hand = [&](const Variable& x) {
    return custom_gradient([](const Variable& value) { return tanh(value); },
                           [&](const CustomBackward& b) { return Variables(b.g * slope(b.y)); }, {x});
  };
  return gradcheck(by_hand, {Tensor({-2.0, -0.5, 0.5, 2.0}, DType::float64)}, {.order = 1});
}

void print_losses(const Net& net, const char* what) {
  std::cout << what << "\n";
  for (const int iteration : {0, 1000, 2000}) {
    std::cout << "  iteration " << iteration << ": loss "
              << scalar_text(net.result.step_loss[static_cast<std::size_t>(iteration)]) << "\n";
  }
  std::cout << "  training accuracy: " << scalar_text(*net.result.training_accuracy) << "\n\n";
}

// Where the two rules differ from finite differences, weight by weight, at the weights of one of the nets.
void check_gradients(const Spiral& data, const Variables& weights, Result& by_hand, Result& right) {
  std::cout << "The gradient by hand against finite differences (gradcheck), relative errors:\n"
            << "         1 - tanh(h)^2        1 - h^2\n";
  const auto row = [&](const std::string& name, const GradcheckResult& wrong_rule,
                       const GradcheckResult& right_rule) {
    by_hand.gradient_error[name] = wrong_rule.error();
    right.gradient_error[name] = right_rule.error();
    char text[96];
    std::snprintf(text, sizeof text, "  %-4s  %8.1e %s  %8.1e %s\n", name.c_str(), wrong_rule.error(),
                  wrong_rule ? "agrees" : "WRONG ", right_rule.error(), right_rule ? "agrees" : "WRONG ");
    std::cout << text;
  };
  for (std::size_t i = 0; i < weights.size(); ++i) {
    row(std::string(weights[i].name()), check_weight(data, weights, i, notebook_slope),
        check_weight(data, weights, i, right_slope));
  }
  const GradcheckResult wrong_tanh = check_tanh(notebook_slope);
  row("tanh", wrong_tanh, check_tanh(right_slope));
  std::cout << "\nw3 and b3 meet no tanh on the way back. Of a tanh alone, with the notebook's rule:\n"
            << wrong_tanh.message() << "\n"
            << std::endl;
}

std::vector<int> classes_of(const Variables& weights, const Tensor& x) {
  const NoGrad unrecorded;
  return argmax(spiral_scores(x, list_of(weights)).value());
}

double accuracy_of(const Variables& weights, const Spiral& data) {
  const std::vector<int> predicted = classes_of(weights, data.x), given = data.y.to_vector<int>();
  double right = 0;
  for (std::size_t i = 0; i < given.size(); ++i) right += predicted[i] == given[i] ? 1 : 0;
  return right / static_cast<double>(given.size());
}

}  // namespace

std::vector<Result> run_spiral(Output& output) {
  std::cout << "== F. Why autodiff: a net whose gradient was written by hand ==\n\n";
  numpy::RandomState random(kSeed);
  const Spiral data = make_spiral(random);
  std::cout << "Spiral: x " << tuple_text(data.x.shape()) << ", y " << tuple_text(data.y.shape())
            << "\nNet: 2-50-50-3 of tanh units, full batch, step 0.1\n\n";
  output.write("spiral.csv", points_csv(data.x, data.y));

  // The notebook has trained a sigmoid and a relu net before: their weights come first.
  for (int net = 0; net < 2; ++net) spiral_weights(random);
  Net wrong{.result = {.name = "spiral_by_hand", .seed = kSeed}, .weights = spiral_weights(random)};
  Net right{.result = {.name = "spiral", .seed = kSeed}, .weights = {}};
  std::vector<Variable> same;
  for (const Variable& weight : wrong.weights) same.push_back(Parameter(weight.name(), weight.value()));
  right.weights = same;

  output.graph("spiral_graph", Graph(spiral_loss(data, same).set_name("loss")));
  wrong.result.step_loss = train_by_hand(data, wrong.weights, notebook_slope, kIterations);
  wrong.result.training_accuracy = accuracy_of(wrong.weights, data);
  print_losses(wrong, "By hand, as in the notebook: 1 - tanh(h)^2 for the slope of h = tanh(...)");
  right.result.step_loss = train_by_backward(data, right.weights, kIterations);
  right.result.training_accuracy = accuracy_of(right.weights, data);
  print_losses(right, "By backward: 1 - h^2");
  check_gradients(data, right.weights, wrong.result, right.result);

  const Pictures pictures(output.folder());
  output.draw([&] {
    Grid by_hand{.reach = 1.2}, by_backward{.reach = 1.2};
    const Tensor points = grid_points(by_hand);
    by_hand.label = classes_of(wrong.weights, points);
    by_backward.label = classes_of(right.weights, points);
    pictures.spiral_regions(by_hand, by_backward, to_points(data.x, data.y));
  });
  output.draw([&] { pictures.spiral_losses(wrong.result.step_loss, right.result.step_loss); });
  return {std::move(wrong.result), std::move(right.result)};
}

}  // namespace gradus::tutorial
